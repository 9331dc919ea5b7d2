/** Reads what the sources say of themselves: the docstrings of schemas' fields and of interfaces, and literals. */
import { globSync, readFileSync } from "node:fs"
import { join, relative } from "node:path"
import ts from "typescript"

const root = join(import.meta.dirname, "../..")

/** Every source file of the packages, from the repository's root. */
export const sourceFiles: ReadonlyArray<string> = globSync("packages/*/src/**/*.ts", { cwd: root }).toSorted()

const parsed = new Map<string, ts.SourceFile>()

export const textOf = (file: string): string => readFileSync(join(root, file), "utf8")

const parse = (file: string): ts.SourceFile => {
  const known = parsed.get(file)
  if (known !== undefined) return known
  const source = ts.createSourceFile(file, textOf(file), ts.ScriptTarget.Latest, true)
  parsed.set(file, source)
  return source
}

const missing = (file: string, what: string): never => {
  throw new Error(`${relative(root, file)}: ${what}`)
}

/** The docstring of a declaration, on one line, without its tags. */
const docOf = (node: ts.Node): string =>
  ts
    .getJSDocCommentsAndTags(node)
    .filter(ts.isJSDoc)
    .map((doc) => ts.getTextOfJSDocComment(doc.comment) ?? "")
    .join(" ")
    .replaceAll(/\s+/g, " ")
    .trim()

const declarationOf = (file: string, name: string): ts.Node => {
  for (const statement of parse(file).statements) {
    if (ts.isVariableStatement(statement)) {
      const found = statement.declarationList.declarations.find(
        (declaration) => ts.isIdentifier(declaration.name) && declaration.name.text === name
      )
      if (found !== undefined) return found
    } else if (
      (ts.isClassDeclaration(statement) || ts.isInterfaceDeclaration(statement)) &&
      statement.name?.text === name
    ) {
      return statement
    }
  }
  return missing(file, `no declaration of ${name}`)
}

/** The docstring of a class, an interface or a constant. */
export const describe = (file: string, name: string): string => {
  const found = declarationOf(file, name)
  return docOf(ts.isVariableDeclaration(found) ? found.parent.parent : found)
}

export interface Member {
  readonly name: string
  readonly doc: string
  /** Its schema or type, as written. */
  readonly type: string
}

const schemaCall = /Schema\.(?:Class|Struct|TaggedStruct|TaggedError)\b|^(?:answer|own|tagged)Error\b/

/** The object that a schema's call has its fields in: the argument after the tag, or else the last, directly or by name. */
const fieldsObject = (file: string, node: ts.Node): ts.ObjectLiteralExpression | undefined => {
  if (ts.isCallExpression(node)) {
    const [first] = node.arguments
    const fields = first !== undefined && ts.isStringLiteral(first) ? node.arguments[1] : node.arguments.at(-1)
    if (schemaCall.test(node.expression.getText()) && fields !== undefined) {
      if (ts.isObjectLiteralExpression(fields)) return fields
      if (ts.isIdentifier(fields)) return objectNamed(file, fields.text)
    }
  }
  return ts.forEachChild(node, (child) => fieldsObject(file, child))
}

const objectNamed = (file: string, name: string): ts.ObjectLiteralExpression => {
  const declared = declarationOf(file, name)
  return ts.isVariableDeclaration(declared) &&
    declared.initializer !== undefined &&
    ts.isObjectLiteralExpression(declared.initializer)
    ? declared.initializer
    : missing(file, `${name} is no object`)
}

const ofProperty = (file: string, property: ts.ObjectLiteralElementLike): ReadonlyArray<Member> => {
  if (ts.isSpreadAssignment(property)) {
    return objectNamed(file, property.expression.getText()).properties.flatMap((inner) => ofProperty(file, inner))
  }
  const name = property.name?.getText() ?? missing(file, "a field without a name")
  const type = ts.isPropertyAssignment(property) ? property.initializer.getText() : name
  return [{ name, doc: docOf(property), type }]
}

/** The fields of a schema or the members of an interface, in the order of the source. */
export const membersOf = (file: string, name: string): ReadonlyArray<Member> => {
  const declared = declarationOf(file, name)
  if (ts.isInterfaceDeclaration(declared)) {
    return declared.members.map((member) => ({
      name: member.name?.getText() ?? missing(file, `${name}: a member without a name`),
      doc: docOf(member),
      type: ts.isPropertySignature(member) ? (member.type?.getText() ?? "") : ""
    }))
  }
  const object = fieldsObject(file, declared) ?? missing(file, `${name} has no fields`)
  return object.properties.flatMap((property) => ofProperty(file, property))
}

/** Wire names, as `Schema.encodeKeys` of a request has them. */
export const wireNames = (file: string, name: string): ReadonlyMap<string, string> => {
  const found = new Map<string, string>()
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && node.expression.getText() === "Schema.encodeKeys") {
      const [keys] = node.arguments
      if (keys !== undefined && ts.isObjectLiteralExpression(keys)) {
        for (const property of keys.properties) {
          if (ts.isPropertyAssignment(property) && ts.isStringLiteral(property.initializer)) {
            found.set(property.name.getText(), property.initializer.text)
          }
        }
      }
    }
    ts.forEachChild(node, visit)
  }
  visit(declarationOf(file, name))
  return found.size === 0 ? missing(file, `${name} has no wire names`) : found
}

export interface ErrorClass {
  readonly file: string
  readonly tag: string
  readonly doc: string
  readonly fields: ReadonlyArray<Member>
}

/** Every tagged error that a package exports, and every plain `Error` with a `_tag`. */
export const errorClasses: ReadonlyArray<ErrorClass> = sourceFiles
  // `PendingResult`, `Client` and `CollectQueue` export those of these.
  .filter(
    (file) =>
      !file.includes("/internal/") || /\/(?:journey\/pendingResult|clientRuntime|queue\/options)\.ts$/.test(file)
  )
  .flatMap((file) =>
    parse(file)
      .statements.filter(ts.isClassDeclaration)
      .filter((declared) => declared.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) === true)
      .filter((declared) =>
        /Schema\.TaggedError|(?:answer|own|tagged)Error<|^extends Error$/.test(
          declared.heritageClauses?.[0]?.getText() ?? ""
        )
      )
      .map((declared) => {
        const tag = declared.name?.text ?? missing(file, "an error without a name")
        const object = fieldsObject(file, declared)
        const fields = object?.properties.flatMap((property) => ofProperty(file, property)) ?? []
        return { file, tag, doc: docOf(declared), fields }
      })
  )

/**
 * The texts that an expression can be: a literal, either side of a choice, an entry of a table, or what a function of the
 * same file gives.
 */
const textsOf = (file: string, expression: ts.Expression): ReadonlyArray<string> => {
  if (ts.isStringLiteralLike(expression)) return [expression.text]
  if (ts.isConditionalExpression(expression)) {
    return [...textsOf(file, expression.whenFalse), ...textsOf(file, expression.whenTrue)]
  }
  if (ts.isElementAccessExpression(expression) && ts.isIdentifier(expression.expression)) {
    return objectNamed(file, expression.expression.text).properties.flatMap((property) =>
      ts.isPropertyAssignment(property) ? textsOf(file, property.initializer) : []
    )
  }
  if (ts.isBinaryExpression(expression) && expression.operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken) {
    return [...textsOf(file, expression.left), ...textsOf(file, expression.right)]
  }
  if (ts.isCallExpression(expression) && ts.isIdentifier(expression.expression)) {
    const declared = declarationOf(file, expression.expression.text)
    const given = ts.isVariableDeclaration(declared) ? declared.initializer : undefined
    if (given !== undefined && ts.isArrowFunction(given) && !ts.isBlock(given.body)) return textsOf(file, given.body)
  }
  return []
}

/** The `advice`s that an error is made with anywhere in the sources, by its tag. */
export const advices: ReadonlyMap<string, ReadonlyArray<string>> = (() => {
  const found = new Map<string, Array<string>>()
  const note = (file: string, created: ts.NewExpression): void => {
    const [facts] = created.arguments ?? []
    if (facts === undefined || !ts.isObjectLiteralExpression(facts)) return
    const tag = created.expression.getText().split(".").at(-1) ?? ""
    for (const property of facts.properties) {
      if (ts.isPropertyAssignment(property) && property.name.getText() === "advice") {
        const texts = textsOf(file, property.initializer)
        if (texts.length > 0) found.set(tag, [...(found.get(tag) ?? []), ...texts])
      }
    }
  }
  const visit = (file: string, node: ts.Node): void => {
    if (ts.isNewExpression(node)) note(file, node)
    ts.forEachChild(node, (child) => visit(file, child))
  }
  for (const file of sourceFiles) visit(file, parse(file))
  return found
})()
