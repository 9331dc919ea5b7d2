/** When faults strike. */
import { assert, describe, it } from "@effect/vitest"
import * as Schema from "effect/Schema"
import * as Fault from "../src/Fault.ts"
import * as FaultInjector from "../src/internal/faultInjector.ts"
import * as Seeded from "../src/internal/seeded.ts"

const of = Fault.Fault.cases

describe("rules", () => {
  const target = { transactionId: "t1", action: "CheckResult" }
  const kinds = (injector: Fault.Injector, count: number) =>
    Array.from({ length: count }, () =>
      injector
        .decide(target)
        .map((fault) => fault._tag)
        .join()
    )

  it("refuse a misspelled condition, without which they would strike always", () => {
    const when: object = { tims: 1 }
    assert.throws(() => Fault.rule(of.HalfClose.make({}), when), /Did you mean times\?/)
  })

  it("strike by probability, the same way for the same seed", () => {
    const rules = [
      Fault.rule(of.DroppedAnswer.make({}), { probability: 0.3 }),
      Fault.rule(of.HalfClose.make({}), { probability: 0.1 })
    ]
    const run = (seed: string) => kinds(FaultInjector.make(rules, Seeded.make(seed)), 2000)
    assert.deepStrictEqual(run("1"), run("1"))
    assert.notDeepEqual(run("1"), run("2"))
    const struck = run("1").filter((names) => names.includes("DroppedAnswer")).length
    assert.isAbove(struck, 500)
    assert.isBelow(struck, 700)
  })

  it("strike in bursts", () => {
    const burst = Fault.rule(of.Throttle.make({}), { skip: 1, burst: { strikes: 2, every: 4 } })
    const struck = kinds(FaultInjector.make([burst], Seeded.make("1")), 10)
    assert.deepStrictEqual(
      struck.map((names) => names === "Throttle"),
      [..."0110011001"].map((bit) => bit === "1")
    )
  })

  it("strike only what they are for", () => {
    const injector = FaultInjector.make(
      [
        Fault.rule(of.HalfClose.make({}), { transactionId: "t" }),
        Fault.rule(of.DroppedAnswer.make({}), { transactionId: "x" }),
        Fault.rule(of.DuplicatedAnswer.make({}), { action: "Initialize" })
      ],
      Seeded.make("1")
    )
    assert.deepStrictEqual(kinds(injector, 2), ["HalfClose", "HalfClose"])
    assert.deepStrictEqual(injector.counts(), { HalfClose: 2 })
  })

  it("survive as JSON, and one for each kind exists", () => {
    assert.sameMembers(Object.keys(of), [...Fault.Kind.literals])
    const rules = [Fault.rule(of.Reset.make({ at: "within-body" }), { probability: 0.5, skip: 1 })]
    assert.deepStrictEqual(Schema.decodeUnknownSync(Schema.Array(Fault.Rule))(JSON.parse(JSON.stringify(rules))), rules)
  })
})
