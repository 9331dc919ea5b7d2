import * as Metrics from "@effect-cloudauth/core/Metrics"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import * as Telemetry from "@effect-cloudauth/core/Telemetry"
import { assert, describe, it } from "@effect/vitest"
import * as semconv from "@opentelemetry/semantic-conventions"
import * as incubating from "@opentelemetry/semantic-conventions/incubating"
import { alerts } from "../scripts/alerts.ts"
import { conventions } from "../scripts/conventions.ts"
import { page } from "../scripts/signals.ts"
import * as Attributes from "../src/Attributes.ts"

const committed = readFileSync(join(import.meta.dirname, "../docs/signals.md"), "utf8")

describe("docs/signals.md", () => {
  it("is as its script makes it", () => {
    // The committed page is formatted: its tables are padded.
    const bare = (text: string) => text.replaceAll(/ +/g, " ").replaceAll(/-{3,}/g, "---")
    assert.strictEqual(bare(committed), bare(page))
  })

  it("has one row for each span, event, attribute, metric and alert", () => {
    const names = [
      ...Object.values(Telemetry.SpanName),
      ...Object.keys(Metrics.table),
      ...alerts.map((alert) => alert.name)
    ]
    for (const name of names) {
      const rows = committed.split("\n").filter((line) => line.replaceAll(/ +/g, " ").startsWith(`| \`${name}\` |`))
      assert.lengthOf(rows, 1, name)
    }
    for (const name of [...Attributes.names, ...Object.values(Telemetry.EventName)]) {
      assert.isNotEmpty(
        committed.split("\n").filter((line) => line.startsWith(`| \`${name}\``)),
        name
      )
    }
  })
})

describe("the names", () => {
  // The modules also hold the names of older conventions, without this prefix.
  const namesOf = (module: object) =>
    new Set<unknown>(Object.entries(module).flatMap(([key, value]) => (key.startsWith("ATTR_") ? [value] : [])))

  it("are OpenTelemetry's if the table says so, with the stability that it says", () => {
    const stable = namesOf(semconv)
    const all = namesOf(incubating)
    for (const name of Attributes.names) {
      const { source } = Attributes.definitionOf(name)
      if (name === "trace_id" || name === "span_id") continue // fields of the log data model, no attributes
      if (source === "own" || source === "effect") {
        assert.match(name, source === "own" ? /^cloudauth\.[a-z_.]+$/ : /^effect\.fiber\.[a-z]+$/)
        assert.isFalse(all.has(name))
      } else {
        assert.isTrue(all.has(name), name)
        assert.strictEqual(stable.has(name), source === "stable", name)
      }
    }
  })

  it("of the page on the conventions are OpenTelemetry's or the client's, and those called stable are stable", () => {
    const named = (module: object) =>
      new Set<unknown>(Object.entries(module).flatMap(([key, value]) => (/^(ATTR|METRIC)_/.test(key) ? [value] : [])))
    const stable = named(semconv)
    const all = named(incubating)
    const own = new Set<string>([...Object.keys(Metrics.table), ...Attributes.names])
    for (const { convention, ours } of conventions) {
      for (const [, name = ""] of `${convention} ${ours}`.matchAll(
        /`((?:rpc|http|server|url|error|cloud|service|peer|cloudauth)\.[a-z_.]+)`/g
      )) {
        assert.isTrue(all.has(name) || own.has(name), name)
      }
      if (!convention.includes("stable:")) continue
      for (const [, name = ""] of convention.matchAll(/`((?:rpc|http|server|url|error)\.[a-z_.]+)`/g)) {
        assert.isTrue(stable.has(name), name)
      }
    }
  })

  it("are each in the table, once", () => {
    assert.sameMembers(Object.keys(Attributes.table), [...Attributes.names])
    assert.strictEqual(new Set(Attributes.names).size, Attributes.names.length)
  })
})
