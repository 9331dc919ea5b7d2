import { assert, describe, it } from "@effect/vitest"
import * as Feasibility from "../src/Feasibility.ts"

const hour = 3_600_000
const now = 1_700_000_000_000

const of = (perSecond: number, ...due: ReadonlyArray<readonly [hours: number, ids: number]>) =>
  Feasibility.of({ due: due.map(([hours, ids]) => ({ deadline: now + hours * hour, ids })), perSecond, now })

describe("Feasibility", () => {
  it("says how long all ids take, and when the first expire", () => {
    const fits = of(8, [72, 411_000], [9, 1000])
    assert.strictEqual(Feasibility.text(fits), "412,000 ids at 8/s need 14.3 h; the first expire in 9 h.")
    assert.isUndefined(Feasibility.advice(fits))
  })

  it("counts the ids that expire before their turn, and says with which quota none would", () => {
    // 9 h at 8/s are 259,200 calls.
    const late = of(8, [9, 412_000])
    assert.strictEqual(late.late, 152_800)
    assert.approximately(late.needed, 412_000 / (9 * 3600), 1e-9)
    assert.include(Feasibility.text(late), "152,800 ids will expire before their turn.")
    assert.include(Feasibility.advice(late), "12.8 calls a second")
    assert.strictEqual(of(12.8, [9, 412_000]).late, 0)
  })

  it("spends no call on what is late already before what can still be had", () => {
    // The first hour takes 3600 of the 10,000; the calls after it are for those of the second hour.
    assert.deepInclude(of(1, [1, 10_000], [2, 3600], [-1, 50]), { ids: 13_650, late: 6400, expired: 50 })
  })

  it("finds the tightest deadline, which need not be the first or the last", () => {
    const feasibility = of(10, [1, 3600], [2, 72_000], [100, 100])
    assert.approximately(feasibility.needed, 75_600 / 7200, 1e-9)
    assert.strictEqual(feasibility.late, 3600)
  })

  it("has words for nothing to do, one id, and ids whose time is over", () => {
    assert.strictEqual(Feasibility.text(of(10)), "No ids are to be collected.")
    assert.strictEqual(Feasibility.text(of(10, [48, 1])), "1 id at 10/s needs 0.1 s; the first expire in 2 days.")
    assert.strictEqual(
      Feasibility.text(of(9.0909, [-1, 6000])),
      "6,000 ids at 9.1/s need 11 min. 6,000 ids should have expired already: they come last."
    )
  })

  it("knows what a quota's margin costs", () => {
    assert.approximately(Feasibility.paceOf(10), 9.0909, 1e-4)
    assert.strictEqual(Feasibility.paceOf(10, 0), 10)
  })
})
