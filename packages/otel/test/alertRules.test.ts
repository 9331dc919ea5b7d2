/** The alert rules' own unit tests, by promtool. */
import { assert, describe, it } from "@effect/vitest"
import { files } from "../scripts/files.ts"
import { ruleTests } from "../scripts/rules.ts"
import { hasPromtool, promtool } from "./promtool.ts"

describe.skipIf(!hasPromtool)("the alerts", () => {
  it("fire and rest on the series of their unit tests", () => {
    promtool(files, ["test", "rules", "alerts.test.yml"])
  })

  it("have tests that can fail", () => {
    const tests = ruleTests.tests.filter(({ name }) => name.startsWith("CloudauthFailing"))
    const test = JSON.stringify({ ...ruleTests, tests })
    const rules = files["alerts.yml"] ?? ""
    const run = (rules: string) =>
      promtool({ "alerts.yml": rules, "alerts.test.yml": test }, ["test", "rules", "alerts.test.yml"])
    run(rules)
    assert.throws(() => run(rules.replaceAll("> 0.05", "> 50")))
  })
})
