/** Collects results before the vendor deletes them: node collect/main.ts [ids.txt] [results.jsonl] */
import { appendFileSync, existsSync, readFileSync, truncateSync } from "node:fs"
import { Cloudauth } from "@effect-cloudauth/core"
import { NodeCloudauth } from "@effect-cloudauth/node"
import { Effect, Redacted, Schema } from "effect"

/** A line of the list: your id and the transaction id. */
interface Entry {
  readonly merchantBizId: string
  readonly transactionId: string
}

const [list = "collect/ids.txt", ledger = "collect/results.jsonl"] = process.argv.slice(2)

const entries = readFileSync(list, "utf8")
  .split("\n")
  .flatMap((line, index): ReadonlyArray<Entry> => {
    if (line.trim() === "") return []
    const [merchantBizId, transactionId, more] = line.trim().split(/\s+/)
    if (merchantBizId && transactionId && more === undefined) return [{ merchantBizId, transactionId }]
    throw new Error(`${list}:${index + 1} must be your id, a space and the transaction id`)
  })

const decodeLine = Schema.decodeUnknownSync(Schema.fromJsonString(Schema.Struct({ transactionId: Schema.String })))

/** What is settled already. A crash can only tear the last line: it is cut off, and its id is asked again. */
const readLedger = (): ReadonlySet<string> => {
  if (!existsSync(ledger)) return new Set()
  const text = readFileSync(ledger, "utf8")
  const whole = text.slice(0, text.lastIndexOf("\n") + 1)
  truncateSync(ledger, Buffer.byteLength(whole))
  return new Set(
    whole
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => decodeLine(line).transactionId)
  )
}

/** On the disk before the next id takes its place. It holds a person's data: readable by its owner only. */
const settle = (entry: Entry, outcome: object) =>
  Effect.try(() =>
    appendFileSync(ledger, `${JSON.stringify({ ...entry, ...outcome })}\n`, { mode: 0o600, flush: true })
  )

/** Errors that every other id would get, too: they end the job. Others leave their id to the next run. */
const ending = /Credentials|AccessKey|AccessDenied|Signature|SecurityToken|ClockSkewed|UnknownError/

const left: Array<string> = []

const collect = (entry: Entry) =>
  Cloudauth.checkResult(entry).pipe(
    Effect.map(({ raw, verdict }) => ({ verdict: verdict._tag, answer: Redacted.value(raw) })),
    // The service does not know the id and never will: that is settled, too.
    Effect.catchTag("TransactionIdInvalid", (error) => Effect.succeed({ verdict: "None", error: error.code })),
    Effect.flatMap((outcome) => settle(entry, outcome)),
    Effect.catchIf(
      (error) => !ending.test(error._tag),
      (error) => Effect.sync(() => left.push(`${entry.merchantBizId} ${error._tag}`))
    )
  )

const quota = Number(process.env.CLOUDAUTH_QPS ?? 10) // the account's calls a second
const live = NodeCloudauth.layer({ url: process.env.CLOUDAUTH_ENDPOINT, quota })

const settled = readLedger()
const open = entries.filter(({ transactionId }) => !settled.has(transactionId))
console.log(`${entries.length} ids, ${entries.length - open.length} settled before`)
await Effect.runPromise(Effect.forEach(open, collect, { concurrency: 16, discard: true }).pipe(Effect.provide(live)))
console.log(`${open.length - left.length} settled now, ${left.length} left for the next run`, ...left)
process.exitCode = left.length === 0 ? 0 : 1
