import { describe, expect, it } from "@effect/vitest"
import * as fc from "fast-check"
import * as nestedJson from "../src/internal/nestedJson.ts"
import { json } from "./fixtures/answers.ts"
import { utf16 } from "./fixtures/text.ts"

const encode = (value: unknown, times: number): unknown =>
  times === 0 ? value : encode(JSON.stringify(value), times - 1)
const object = fc.dictionary(utf16, json, { maxKeys: 5 })

/** A value below so many levels of objects. */
const below = (levels: number, value: unknown): unknown => (levels === 0 ? value : { a: below(levels - 1, value) })

describe("nestedJson.isShallow", () => {
  it.each([1, "text", null, undefined, {}, []])("allows a hundred levels below the first, with %j inside", (leaf) => {
    const isLevel = typeof leaf === "object" && leaf !== null
    expect(nestedJson.isShallow(below(isLevel ? 100 : 101, leaf))).toBe(true)
    expect(nestedJson.isShallow(below(isLevel ? 101 : 102, leaf))).toBe(false)
  })
})

describe("nestedJson.parse", () => {
  it("reads what was encoded four times, and no more", () => {
    expect(nestedJson.parse(encode({ a: 1 }, 4))).toEqual({ _tag: "Value", value: { a: 1 } })
    expect(nestedJson.parse(encode({ a: 1 }, 5))._tag).toBe("Malformed")
  })

  it.each([
    ["an object", { a: 1 }],
    ["a string", '{"a":1}'],
    ["a string of a string", '"{\\"a\\":1}"'],
    ["a string thrice", JSON.stringify(JSON.stringify('{"a":1}'))],
    ["a string with white space", ' \n{"a" : 1}\t'],
    ["a string with a byte order mark", '\ufeff{"a":1}']
  ])("reads %s", (_, input) => {
    expect(nestedJson.parse(input)).toEqual({ _tag: "Value", value: { a: 1 } })
  })

  it.each([
    ["absent", undefined],
    ["null", null],
    ["empty", ""],
    ["blank", "  \n"],
    ["null as text", "null"],
    ["an empty string as text", '""'],
    ["null, twice encoded", '"null"']
  ])("takes %s for absent", (_, input) => {
    expect(nestedJson.parse(input)).toEqual({ _tag: "Absent" })
  })

  it.each([
    [1],
    [true],
    [[]],
    [["{}"]],
    ["{"],
    ["[]"],
    ["1"],
    ["true"],
    ["{'a':1}"],
    ["text"],
    ["NaN"],
    ['{"a":1}x'],
    ['"{"']
  ])("takes %j for malformed, and keeps it", (input) => {
    const nested = nestedJson.parse(input)
    expect(nested).toMatchObject({ _tag: "Malformed", raw: input })
  })

  it("reads any object, plain or encoded once to thrice", () => {
    fc.assert(
      fc.property(object, fc.integer({ min: 0, max: 3 }), (value, times) => {
        const plain: unknown = JSON.parse(JSON.stringify(value)) // -0 becomes 0
        expect(nestedJson.parse(encode(plain, times))).toEqual({ _tag: "Value", value: plain })
      })
    )
  })

  it("never throws, and keeps what it can't read", () => {
    const input = fc.oneof(
      utf16,
      json,
      json.map((value) => JSON.stringify(value)),
      fc.constantFrom("{", '"', "\\", "\u0000")
    )
    fc.assert(
      fc.property(input, (value) => {
        const nested = nestedJson.parse(value)
        if (nested._tag === "Malformed") expect(nested.raw).toBe(value)
      }),
      { numRuns: 300 }
    )
  })

  it("bounds how often text is unwrapped", () => {
    expect(nestedJson.parse(encode({ a: 1 }, 12))).toMatchObject({ _tag: "Malformed" })
  })

  it("survives deep nesting", () => {
    const deep = `{"a":${"[".repeat(100_000)}${"]".repeat(100_000)}}`
    expect(nestedJson.parse(deep)._tag).toMatch(/^(Value|Malformed)$/)
  })

  it("does not touch a prototype", () => {
    const nested = nestedJson.parse('{"__proto__":{"polluted":true},"constructor":1}')
    expect(nested._tag === "Value" && Object.keys(nested.value)).toEqual(["__proto__", "constructor"])
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined() // an empty object has only what its prototype has
  })
})

describe("nestedJson.pick", () => {
  it("prefers the exact key, then one in another case", () => {
    expect(nestedJson.pick({ code: 1, Code: 2 }, "Code")).toBe(2)
    expect(nestedJson.pick({ code: 1 }, "Code")).toBe(1)
    expect(nestedJson.pick({ CODE: 1 }, "Code")).toBe(1)
    expect(nestedJson.pick({}, "Code")).toBeUndefined()
  })

  it("does not see the prototype's names", () => {
    expect(nestedJson.pick({}, "constructor")).toBeUndefined()
    expect(nestedJson.pick({}, "toString")).toBeUndefined()
  })
})

describe("nestedJson.pickText", () => {
  it.each([
    ["text", "text"],
    ["", ""],
    [200, "200"],
    [-1, "-1"],
    [1.5, undefined],
    [1e300, undefined],
    [true, undefined],
    [null, undefined],
    [{}, undefined],
    [undefined, undefined]
  ])("%j is %j", (value, text) => {
    expect(nestedJson.pickText({ key: value }, "key")).toBe(text)
  })
})

describe("isShallow", () => {
  const nest = (levels: number, leaf: string): unknown =>
    JSON.parse('{"a":['.repeat(levels) + leaf + "]}".repeat(levels))

  it("takes a hundred levels below the first, and no more", () => {
    expect(nestedJson.isShallow(nest(50, "1"))).toBe(true)
    expect(nestedJson.isShallow(nest(50, "{}"))).toBe(true)
    expect(nestedJson.isShallow(nest(50, "[{}]"))).toBe(false)
    expect(nestedJson.isShallow(nest(51, "1"))).toBe(false)
  })

  /** What it says in the plainest words. */
  const depthOf = (value: unknown): number =>
    typeof value === "object" && value !== null
      ? 1 + Math.max(0, ...Object.values(value).map((child: unknown) => depthOf(child)))
      : 0

  const parsed = fc.json({ maxDepth: 8 }).map((text): unknown => JSON.parse(text))
  const keys = fc.array(fc.constantFrom("a", "0", "__proto__", "constructor", "toString"), { maxLength: 104 })

  /** Below keys that JSON can have, `__proto__` as a key of its own included. */
  const below = fc
    .tuple(parsed, keys)
    .map(([leaf, keys]): unknown =>
      JSON.parse(
        keys.reduce(
          (text, key) => (key === "0" ? `[1,${text}]` : `{"b":{},${JSON.stringify(key)}:${text}}`),
          JSON.stringify(leaf)
        )
      )
    )

  it("says what is at most 101 levels deep, for any JSON", () => {
    fc.assert(
      fc.property(fc.oneof(parsed, below), (value) => {
        expect(nestedJson.isShallow(value)).toBe(depthOf(value) <= 101)
      }),
      { numRuns: 500 }
    )
    for (const [levels, isShallow] of [
      [100, true],
      [101, true],
      [102, false]
    ] as const) {
      expect(nestedJson.isShallow(JSON.parse("[".repeat(levels) + "]".repeat(levels)))).toBe(isShallow)
      expect(nestedJson.isShallow(JSON.parse(`${'{"__proto__":'.repeat(levels)}1${"}".repeat(levels)}`))).toBe(
        isShallow
      )
    }
  })

  it("says the same where every object has more, however deep", () => {
    const everyObject: object = Object.prototype
    const endless: { self?: unknown } = {}
    endless.self = endless
    const names = ["polluted", "a", "0"]
    // Nothing is asserted while every object has more: the assertions would walk it, too.
    const values = fc.sample(fc.oneof(parsed, below), 100)
    for (const name of names) Reflect.set(everyObject, name, endless)
    const said = values.map((value) => nestedJson.isShallow(value))
    for (const name of names) Reflect.deleteProperty(everyObject, name)
    expect(said).toEqual(values.map((value) => depthOf(value) <= 101))
  })

  it("looks at a value's own keys alone", () => {
    const endless: { self?: unknown } = {}
    endless.self = endless
    const inherits: unknown = Object.create({ endless })
    expect(nestedJson.isShallow({ inherits })).toBe(true)
  })
})
