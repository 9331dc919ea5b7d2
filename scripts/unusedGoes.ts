/** Lets every bundler drop what a program doesn't use: it can't know that making a schema, a table or a class has no effect. */
import { type Plugin, RolldownMagicString } from "rolldown"
import { type ESTree, parseSync, Visitor } from "rolldown/utils"

/** Whether making a value when the module loads could have an effect: by a call, a getter or `toString`. */
const mayHaveEffect = (id: string, code: string): boolean => {
  let depth = 0
  let found = false
  const enter = (): void => void depth++
  const leave = (): void => void depth--
  const find = (): void => void (found ||= depth === 0)
  new Visitor({
    FunctionExpression: enter,
    "FunctionExpression:exit": leave,
    ArrowFunctionExpression: enter,
    "ArrowFunctionExpression:exit": leave,
    CallExpression: find,
    NewExpression: find,
    MemberExpression: find,
    SpreadElement: find,
    TemplateLiteral: find
  }).visit(parseSync(id, `void (${code})`).program)
  return found
}

/** The values of a module's own constants, and what its classes extend. */
const valuesOf = ({ body }: ESTree.Program): ReadonlyArray<ESTree.Expression> =>
  body.flatMap((statement) => {
    const declaration = statement.type === "ExportNamedDeclaration" ? statement.declaration : statement
    if (declaration?.type === "ClassDeclaration") return declaration.superClass ?? []
    if (declaration?.type !== "VariableDeclaration") return []
    return declaration.declarations.flatMap(({ init }) => init ?? [])
  })

/** Wraps each value in a call that is marked as pure: a mark on the value's own calls would not cover what they are given. */
export const unusedGoes: Plugin = {
  name: "unusedGoes",
  transform: {
    filter: { id: /packages[\\/]\w+[\\/]src[\\/].*\.ts$/ },
    handler: (code, id) => {
      const text = new RolldownMagicString(code)
      for (const { end, start } of valuesOf(parseSync(id, code).program)) {
        if (!mayHaveEffect(id, code.slice(start, end))) continue
        text.prependLeft(start, "/* @__PURE__ */ (() => (")
        text.appendRight(end, "))()")
      }
      return { code: text.toString(), map: text.generateMap().toString() }
    }
  }
}
