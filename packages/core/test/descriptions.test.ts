/** What OpenAPI and JSON Schema say about each property, for those who generate a client from them. */
import { assert, describe, it } from "@effect/vitest"
import * as HttpApi from "effect/http-api/HttpApi"
import * as OpenApi from "effect/http-api/OpenApi"
import * as Schema from "effect/Schema"
import { CheckResult } from "../src/CheckResult.ts"
import * as CloudauthApi from "../src/CloudauthApi.ts"
import * as Document from "../src/Document.ts"
import * as core from "../src/index.ts"

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null

/** The properties without a description or a format, by their paths. A property that refers to a schema has that one's. */
const undescribed = (schema: unknown, path: string): ReadonlyArray<string> => {
  if (!isObject(schema)) return []
  const { properties } = schema
  const own = isObject(properties)
    ? Object.entries(properties)
        // A property that can be anything has no schema to describe.
        .filter(
          ([key, property]) =>
            key !== "_tag" &&
            JSON.stringify(property) !== "{}" &&
            !/"(?:description|format|\$ref)":/.test(JSON.stringify(property))
        )
        .map(([key]) => `${path}.${key}`)
    : []
  return [...own, ...Object.entries(schema).flatMap(([key, inner]) => undescribed(inner, `${path}/${key}`))]
}

type Named = readonly [name: string, value: unknown]

/** A module that is a schema is one; of any other, each export. */
const named: ReadonlyArray<readonly [name: string, schema: Schema.Top]> = Object.entries(core)
  .flatMap(([name, module]): ReadonlyArray<Named> =>
    Schema.isSchema(module)
      ? [[name, module]]
      : Object.entries<unknown>({ ...module }).map(([key, value]): Named => [`${name}.${key}`, value])
  )
  .filter((entry): entry is [string, Schema.Top] => Schema.isSchema(entry[1]))

const schemas = [
  ...named,
  ["CheckResult.View", CheckResult.View] as const,
  ["CheckResult.of", CheckResult.of(Document.GlobalPassport)] as const
]
  // The rules of a policy have the names of reasons and findings, which are described there. No transport's failure is encoded.
  .filter(([name]) => !/^(?:DecisionPolicy|Transport)\./.test(name))

describe("JSON Schema", () => {
  it.each(schemas)("of %s describes each property", (name, schema) => {
    const { definitions, schema: own } = Schema.toJsonSchemaDocument(Schema.toCodecJson(schema))
    assert.deepStrictEqual(undescribed({ ...definitions, own }, name), [])
  })
})

describe("the OpenAPI document", () => {
  it("of CloudauthApi describes each property", () => {
    const { components, paths } = OpenApi.fromApi(HttpApi.make("backend").add(CloudauthApi.group))
    assert.deepStrictEqual(undescribed(components.schemas, ""), [])
    assert.deepStrictEqual(undescribed(paths, ""), [])
  })
})
