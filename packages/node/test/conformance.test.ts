/** HTTP as it comes, over each transport. Prints the differences into the docs: `vitest -u` rewrites the table. */
import { setTimeout } from "node:timers/promises"
import { assert, describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { type Case, cases, maxBodyBytes, type Outcome, text } from "./support/http.ts"
import { netServer } from "./support/servers.ts"
import { type SendTo, sendOver, textOf, transports } from "./support/transports.ts"

/** Serves the case that the path names, on connections that live as long as the client wants. */
const serving = netServer((socket) => {
  socket.setNoDelay(true)
  socket.on("data", async (request) => {
    const found = cases[Number(/^POST \/(\d+)/.exec(request.toString("latin1"))?.[1])]
    for (const piece of found?.pieces ?? []) {
      socket.write(piece)
      await setTimeout(1)
    }
    if (found?.ends === true) socket.end()
  })
})

const outcomeOf = (send: SendTo, origin: string, index: number): Effect.Effect<Outcome> =>
  send(`${origin}/${index}`, { maxBodyBytes, timeout: 2000 }).pipe(
    Effect.map((response) => bodyOf(textOf(response))),
    Effect.catch((failure) => Effect.succeed(failure._tag))
  )

const bodyOf = (body: string): Outcome => {
  if (body === "") return "empty"
  if (body === text) return "read"
  return text.startsWith(body) ? "read in part" : "still encoded"
}

/** What a transport makes of each case. */
const outcomesOver = (transport: (typeof transports)[keyof typeof transports]) =>
  Effect.gen(function* () {
    const server = yield* serving
    const send = yield* sendOver(transport)
    return yield* Effect.forEach(cases, (_, index) => outcomeOf(send, server.origin, index))
  }).pipe(Effect.scoped)

const node = outcomesOver(transports.NodeTransport)

describe("NodeTransport", () => {
  it.live("reads what HTTP allows, and refuses the rest", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(table(cases, [yield* node]), table(cases, [cases.map(({ expected }) => expected)]))
    })
  )

  it.live("keeps a connection of its own in step through all of it", () =>
    Effect.gen(function* () {
      const server = yield* serving
      const send = yield* sendOver(transports.NodeTransport)
      const good = cases.findIndex(({ name }) => name === "HTTP/1.0")
      for (const index of cases.keys()) {
        yield* outcomeOf(send, server.origin, index)
        assert.strictEqual(yield* outcomeOf(send, server.origin, good), "read", cases[index]?.name)
      }
    })
  )
})

/** Rows of a Markdown table, as the formatter aligns them. */
const table = (
  named: ReadonlyArray<Case>,
  columns: ReadonlyArray<ReadonlyArray<Outcome>>,
  titles: ReadonlyArray<string> = []
) => {
  const rows = named.map(({ name }, index) => [name, ...columns.map((column) => column[index] ?? "")])
  const all = titles.length === 0 ? rows : [titles, ...rows]
  const widths = (all[0] ?? []).map((_, at) => Math.max(...all.map((row) => (row[at] ?? "").length)))
  const line = (row: ReadonlyArray<string>) => `| ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(" | ")} |`
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`
  const [first = "", ...others] = all.map(line)
  return [first, rule, ...others].join("\n")
}

it.live("differs from the adapters as the docs say", () =>
  Effect.gen(function* () {
    const columns = yield* Effect.forEach(Object.values(transports), outcomesOver)
    const page = `# What each transport makes of a response

Written by \`packages/node/test/conformance.test.ts\`, which sends each response and notes what becomes of it. **read**: the body
is there, decoded; **empty**: there is none. **still encoded** and **read in part** end as a \`DecodeError\`. Anything else is the tag
of the transport's failure. Limits of sizes count decoded bytes.

${table(cases, columns, ["response", ...Object.keys(transports)])}
`
    yield* Effect.promise(() => expect(page).toMatchFileSnapshot("../../../docs/explanation/transports.md"))
  })
)
