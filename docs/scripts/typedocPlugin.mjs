/**
 * What the API's pages need and TypeDoc does not do by itself: types as they are written. The compiler's own view of a
 * type that is derived from a schema is pages long and has lost its name.
 */
import { Comment, CommentTag, Converter, IntrinsicType, ReflectionKind } from "typedoc"
import ts from "typescript"

/** Longer initialisers are left to the source. */
const mostLines = 40

/** @param {ts.VariableDeclaration} declaration */
const isDerived = ({ initializer, type }) =>
  type === undefined &&
  initializer !== undefined &&
  !ts.isArrowFunction(initializer) &&
  !ts.isFunctionExpression(initializer)

/**
 * Shows a declaration's source below its docstring.
 * @param {import("typedoc").DeclarationReflection} reflection
 * @param {string} source
 */
const show = (reflection, source) => {
  if (source.split("\n").length > mostLines) return
  reflection.comment ??= new Comment()
  reflection.comment.summary.push({ kind: "code", text: `\n\n\`\`\`ts\n${source}\n\`\`\`\n` })
}

/**
 * The docstring at the top of a module, above its imports: TypeDoc takes it for theirs.
 * @param {ts.SourceFile} file
 */
const headOf = (file) => {
  const text = file.getFullText()
  const range = ts.getLeadingCommentRanges(text, ts.getShebang(text)?.length ?? 0)?.[0]
  if (range === undefined || !text.startsWith("/**", range.pos)) return undefined
  const [summary = "", ...tags] = text
    .slice(range.pos + 3, range.end - 2)
    .split("\n")
    .map((line) => line.replace(/^\s*\* ?/, ""))
    .join("\n")
    .split(/^@(?=[a-z])/m)
  const comment = new Comment([{ kind: "text", text: summary.trim() }])
  for (const tag of tags) {
    const [, name = "", content = ""] = /^(\w+)\s+([\s\S]*)$/.exec(tag.trim()) ?? []
    if (name === "since") continue
    const part =
      name === "example"
        ? /** @type {const} */ ({ kind: "code", text: `\`\`\`ts\n${content.trim()}\n\`\`\`` })
        : /** @type {const} */ ({ kind: "text", text: content.trim() })
    comment.blockTags.push(new CommentTag(`@${name}`, [part]))
  }
  return comment
}

/**
 * A name for a parameter without one: its type's, as a variable.
 * @param {ts.ParameterDeclaration | undefined} written
 */
const nameOf = (written) => {
  const type = written?.type
  if (type === undefined || !ts.isTypeReferenceNode(type)) return "options"
  const name = type.typeName.getText().split(".").at(-1) ?? "options"
  return name.charAt(0).toLowerCase() + name.slice(1)
}

/** @param {import("typedoc").Application} app */
export const load = (app) => {
  // Modules are called as they are imported: core/Document, not core/src/Document.
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, (context) => {
    for (const module of context.project.getReflectionsByKind(ReflectionKind.Module)) {
      module.name = module.name.replace("/src/", "/")
      const file = context.getSymbolFromReflection(module)?.declarations?.find(ts.isSourceFile)
      const head = file === undefined ? undefined : headOf(file)
      if (head !== undefined) module.comment = head
    }
  })

  // What a function takes and gives, as its author wrote it.
  app.converter.on(Converter.EVENT_CREATE_SIGNATURE, (context, signature, declaration) => {
    if (declaration?.type !== undefined) signature.type = app.converter.convertType(context, declaration.type)
    for (const [index, parameter] of (signature.parameters ?? []).entries()) {
      const written = declaration?.parameters?.[index]
      if (written?.type !== undefined) parameter.type = app.converter.convertType(context, written.type)
      // What is taken apart in the head of a function has no name there.
      if (parameter.name === "__namedParameters") parameter.name = nameOf(written)
    }
  })

  // A constant without a written type (a schema, a table) is shown by what it is made of.
  app.converter.on(Converter.EVENT_CREATE_DECLARATION, (context, reflection) => {
    if (!reflection.kindOf(ReflectionKind.Variable)) return
    const declaration = context.getSymbolFromReflection(reflection)?.declarations?.find(ts.isVariableDeclaration)
    if (declaration === undefined || !isDerived(declaration)) return
    const source = declaration.initializer?.getText() ?? ""
    reflection.type = new IntrinsicType(source.startsWith("Schema.") ? "Schema" : "const")
    delete reflection.defaultValue
    show(reflection, `const ${reflection.name} = ${source}`)
  })

  // A class that is a schema is its fields, one that is a service its layers and accessors; the rest is Effect's.
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, (context) => {
    for (const reflection of context.project.getReflectionsByKind(ReflectionKind.Class)) {
      const declaration = context.getSymbolFromReflection(reflection)?.declarations?.find(ts.isClassDeclaration)
      const extended = declaration?.heritageClauses?.[0]?.getText() ?? ""
      const isSchema = extended.startsWith("extends Schema.")
      if (!isSchema && !extended.startsWith("extends Context.")) continue
      for (const child of reflection.children?.slice() ?? []) {
        if (isSchema || child.kindOf(ReflectionKind.Constructor)) context.project.removeReflection(child)
      }
      delete reflection.extendedTypes
      if (isSchema) show(reflection, `class ${reflection.name} ${extended} {}`)
    }
  })
}
