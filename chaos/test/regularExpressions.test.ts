/**
 * No regular expression of the packages can be made to run away: each is proved by `recheck`'s automata, and the steps of those that others feed are compared besides.
 */
import { assert, describe, it } from "@effect/vitest"
import { check } from "recheck"
import type { VulnerableDiagnostics } from "recheck"
import * as RegularExpressions from "../regularExpressions.ts"

const { built, files, literals } = RegularExpressions.find()

/** Those that the checker finds more than linear, by their patterns, and why that is no harm. */
const argued: ReadonlyMap<string, string> = new Map([
  ["^\\/+|\\/+$", "cli: a bucket's prefix out of the operator's own settings"],
  ["\\/+$", "cli: a place out of the operator's own settings"]
])

/** Without a quantifier nothing is tried twice. */
const repeats = ({ pattern }: RegularExpressions.Found): boolean => /[*+{]/.test(pattern)

const knownFlags = (flags: string): string => flags.replaceAll(/[dv]/g, "")

/** The CPU time of this thread in microseconds, so what else the machine does is not in it. */
const cpuOf = (expression: RegExp, text: string, times: number): number => {
  const before = process.threadCpuUsage()
  for (let turn = 0; turn < times; turn++) {
    expression.lastIndex = 0
    text.replace(expression, "")
  }
  const { system, user } = process.threadCpuUsage(before)
  return user + system
}

/** As many characters in one text as in a hundred short ones: if it is linear, both take the same, if quadratic, the one takes a hundred times as long. */
const isLinear = (expression: RegExp, make: (size: number) => string): boolean => {
  const one = cpuOf(expression, make(60_000), 1)
  return one < 50_000 || one < 15 * cpuOf(expression, make(600), 100)
}

it("tells linear from quadratic", () => {
  assert.isTrue(isLinear(/a+b/, (length) => "ab".repeat(length / 2)))
  assert.isFalse(isLinear(/a+$/, (length) => `${"a".repeat(length / 2)}b`))
})

const attackOf = ({ attack }: VulnerableDiagnostics, times: number): string =>
  attack.pumps.map(({ prefix, pump }) => prefix + pump.repeat(times)).join("") + attack.suffix

it("finds them all", () => {
  assert.isAbove(files, 60)
  assert.isAbove(literals.length, 30)
})

it("sees one that runs away", async () => {
  const { status } = await check("^(a+)+$", "")
  assert.strictEqual(status, "vulnerable")
})

it.each([...new Map(literals.filter(repeats).map((found) => [`/${found.pattern}/${found.flags}`, found]))])(
  "%s",
  { timeout: 300_000 },
  async (_, { flags, pattern, place }) => {
    const result = await check(pattern, knownFlags(flags), { timeout: 150_000 })
    const why = argued.get(pattern)
    if (why !== undefined) {
      assert.notStrictEqual(result.status, "safe", `${place} needs no argument any more`)
      return
    }
    if (result.status === "vulnerable" && result.checker === "fuzz") {
      // Found by trying with texts for which bounds such as {2,40} make many small steps: real only where time grows more than the text.
      assert.isTrue(
        isLinear(new RegExp(pattern, flags), (times) => attackOf(result, times)),
        `${place} ${result.attack.pattern}`
      )
      return
    }
    const attack = result.status === "vulnerable" ? ` ${result.complexity.summary}: ${result.attack.pattern}` : ""
    assert.strictEqual(result.status, "safe", `${place}${attack}`)
  }
)

describe("those that are built at run time", () => {
  it("are known, each made of constants", () => {
    assert.deepStrictEqual(
      built.map(({ text }) => text),
      [
        'new RegExp(`<${name}>([^<]{0,1000})</${name}>`, "i")',
        'new RegExp(`\\\\b(${queryNames.join("|")})=[^&#\\\\s]*`, "gi")'
      ]
    )
  })

  // Without its bound it has more to do, and a proof that is found.
  it.each(["RequestId", "Code", "Message"])("for %s", { timeout: 300_000 }, async (name) => {
    const { status } = await check(`<${name}>([^<]*)</${name}>`, "i", { timeout: 150_000 })
    assert.strictEqual(status, "safe")
  })
})

describe("time grows with the length", () => {
  const attacks: ReadonlyArray<readonly [string, (length: number) => string]> = [
    ["letters", (length) => "a".repeat(length)],
    ["blanks and a letter", (length) => `${" ".repeat(length)}a`],
    ["newlines", (length) => `${"\n".repeat(length)}a`],
    ["commas", (length) => `data:${",".repeat(length)}`],
    ["data:", (length) => "data:".repeat(length / 5)],
    ["brackets", (length) => "<".repeat(length)],
    ["open tags", (length) => "<Code>".repeat(length / 6)],
    ["hyphens and digits", (length) => "1-".repeat(length / 2)],
    ["percent signs", (length) => "%".repeat(length)],
    ["slashes and a letter", (length) => `${"/".repeat(length)}a`],
    ["dots", (length) => ".".repeat(length)],
    ["quotes", (length) => "'".repeat(length)],
    ["question marks", (length) => `http://a/${"?".repeat(length)}`],
    ["surrogates", (length) => "\ud83d".repeat(length)]
  ]

  it.each(attacks)("for %s", (_, make) => {
    for (const { flags, pattern, place } of literals) {
      if (argued.has(pattern)) continue
      assert.isTrue(isLinear(new RegExp(pattern, flags), make), place)
    }
  })
})
