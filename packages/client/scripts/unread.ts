/** Leaves out of the core's sources what only JSON Schema, generators of samples and our own docs read. */
import { Attribute, EventName, SpanName } from "@effect-cloudauth/core/Telemetry"
import { type Plugin, RolldownMagicString } from "rolldown"
import { type ESTree, parseSync, Visitor } from "rolldown/utils"

/** Of an object that has one of the first, the second are left out. */
const unread: ReadonlyArray<readonly [has: ReadonlyArray<string>, leftOut: ReadonlyArray<string>]> = [
  // Annotations of schemas.
  [
    ["title", "examples", "arbitraryConstraint"],
    ["title", "description", "examples", "arbitraryConstraint"]
  ],
  // Instruments.
  [["instrument"], ["attributes", "action"]],
  // Errors: what Effect's `HttpApi` answers with, and what only its users ask for.
  [["httpApiStatus"], ["httpApiStatus", "categories"]],
  // Response codes: who documents each.
  [["meaning", "status"], ["source"]]
]

/** Objects of which each user gets the text itself. */
const constants: Readonly<Record<string, Readonly<Record<string, string>>>> = { Attribute, EventName, SpanName }

/** An annotation of these alone is left out whole. */
const words = ["title", "description", "examples"]

const nameOf = (property: ESTree.ObjectPropertyKind): string =>
  property.type === "Property" && property.key.type === "Identifier" ? property.key.name : ""

const isAnnotation = (
  callee: ESTree.Expression,
  [annotations]: ReadonlyArray<ESTree.Argument>
): callee is ESTree.StaticMemberExpression =>
  callee.type === "MemberExpression" &&
  callee.property.type === "Identifier" &&
  callee.property.name === "annotate" &&
  annotations?.type === "ObjectExpression" &&
  annotations.properties.every((property) => words.includes(nameOf(property)))

export const withoutUnread: Plugin = {
  name: "withoutUnread",
  transform: {
    filter: { id: /packages[\\/](?:core|node)[\\/]src[\\/].*\.ts$/ },
    handler: (code, id) => {
      const text = new RolldownMagicString(code)
      const removed: Array<readonly [start: number, end: number]> = []
      const remove = (start: number, end: number): void => {
        removed.push([start, end])
        text.remove(start, end)
      }
      new Visitor({
        ObjectExpression: ({ properties }) => {
          const names = properties.map(nameOf)
          const [, leftOut = []] = unread.find(([has]) => has.some((name) => names.includes(name))) ?? []
          for (const [index, { end, start }] of properties.entries()) {
            // Up to the next property, the comma with it.
            if (leftOut.includes(names[index] ?? "")) remove(start, properties[index + 1]?.start ?? end)
          }
        },
        MemberExpression: ({ end, object, property, start }) => {
          if (object.type !== "Identifier" || property.type !== "Identifier") return
          const value = constants[object.name]?.[property.name]
          const isRemoved = removed.some(([from, to]) => from <= start && end <= to)
          if (value !== undefined && !isRemoved) text.overwrite(start, end, JSON.stringify(value))
        },
        CallExpression: ({ arguments: given, callee, end }) => {
          if (isAnnotation(callee, given)) remove(callee.object.end, end)
          // The vendor's words and the sample of a document's field.
          const [first, last] = [given[0], given.at(-1)]
          const isField = callee.type === "Identifier" && /^(text|day|month|sex)$/.test(callee.name)
          if (id.endsWith("kinds.ts") && isField && first && last) remove(first.start, last.end)
          // A schema, and what its generator draws from.
          if (callee.type === "Identifier" && callee.name === "generatedFrom" && first && last)
            remove(first.end, last.end)
        }
      }).visit(parseSync(id, code).program)
      return text.toString()
    }
  }
}
