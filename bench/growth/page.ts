/**
 * The tables of `docs/explanation/growth.md`, made of `growth.json`. `node bench/growth/page.ts` writes them, `--check`
 * fails if they are others.
 */
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import type { Collecting, Database, Growth } from "./figures.ts"

const page = join(import.meta.dirname, "../../docs/explanation/growth.md")
const json = join(import.meta.dirname, "../growth.json")

type Row = ReadonlyArray<string>

const table = (head: Row, rows: ReadonlyArray<Row>): string => {
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => (row[column] ?? "").length), 3))
  const line = (cells: Row): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`
  return [line(head), `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`, ...rows.map(line)].join("\n")
}

const number = (value: number, digits = 0): string =>
  value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits })

const kilobytes = (bytes: number): string => `${number(bytes / 1000, 1)} KB`

// Object.entries widens the keys to string.
const entries = <A>(record: Partial<Record<Database, A>>) => Object.entries(record) as Array<[Database, A]>

const conditions = ({ date, loadBefore, machine, node }: Growth): string =>
  `Measured on ${date}: ${machine}, Node ${node}, load average ${loadBefore} before the run.` +
  (loadBefore > 0.5 ? " Other work used the cores, too: times are upper bounds, memory is exact." : "")

const waiting = ({ waiting: { awaitResult, awaitStored } }: Growth): string =>
  table(
    ["call", "users", "memory of a waiting user", "of that in the store", "all together", "left afterwards"],
    Object.entries({ awaitResult, awaitStored }).map(
      ([way, { bytesAUser, bytesLeftAUser, storedBytesAUser, users }]) => [
        `\`${way}\``,
        number(users),
        kilobytes(bytesAUser + storedBytesAUser),
        storedBytesAUser < 1 ? "–" : kilobytes(storedBytesAUser),
        `${number(((bytesAUser + storedBytesAUser) * users) / 1e6)} MB`,
        kilobytes(Math.max(0, bytesLeftAUser))
      ]
    )
  )

const queued = ({ collecting }: Growth): string =>
  table(
    [
      "database",
      "ids",
      "memory of the process, an id",
      "storage for a queued id",
      "storage for a result more",
      "CPU to queue an id"
    ],
    entries(collecting).flatMap(([name, levels]) =>
      levels
        .slice(-1)
        .map((level) => [
          name,
          number(level.rows),
          `${number(Math.max(0, level.heapBytesAQueuedId))} bytes`,
          `${number(level.databaseBytesAQueuedId)} bytes`,
          `${number(level.databaseBytesAResult)} bytes`,
          `${number(level.adding.cpuMicros)} µs`
        ])
    )
  )

const stored = ({ collecting }: Growth): string =>
  table(
    ["database", "stored rows", "a result, clock", "a result, CPU of the process", "once a run: looking, CPU"],
    entries(collecting).flatMap(([name, levels]) =>
      levels.map((level) => [
        name,
        number(level.rows),
        `${number(level.collecting.micros)} µs`,
        `${number(level.collecting.cpuMicros)} µs`,
        `${number(level.looking.cpuMicros / 1000)} ms`
      ])
    )
  )

const shared = ({ shared }: Growth): string =>
  table(
    ["quota in", "processes", "quota, calls a second", "calls a second", "most in any second", "CPU of a call"],
    entries(shared).flatMap(([name, all]) =>
      all.map(({ callsPerSecond, cpuMicros, mostInASecond, processes, quota }) => [
        name,
        number(processes),
        number(quota),
        number(callsPerSecond, 1),
        number(mostInASecond),
        `${number(cpuMicros)} µs`
      ])
    )
  )

const images = ({ images }: Growth): string =>
  table(
    ["in one process, without a socket", "CPU", "÷ copying once"],
    [
      ["copying the body's bytes once", images.copiedMicros],
      ["what the images add to `checkResult`", images.imagesMicros],
      ["the whole `checkResult`", images.callMicros],
      ["`JSON.parse` of each level, then base64", images.parsedMicros]
    ].map(([what, micros]) => [
      String(what),
      `${number(Number(micros))} µs`,
      number(Number(micros) / images.copiedMicros, 1)
    ])
  )

const clients = { ours: "this library", limit: "written by hand" }

const collections = ({ collections }: Growth): string =>
  table(
    [
      "over a socket, 4 in flight",
      "Node's flags",
      "CPU of a call",
      "÷ by hand",
      "major collections",
      "minor",
      "page faults"
    ],
    collections.map(({ client, cpuMicros, flags, major, minor, pageFaults }) => [
      clients[client],
      flags === "" ? "–" : `\`${flags}\``,
      `${number(cpuMicros)} µs`,
      number(cpuMicros / (collections.find((other) => other.client === "limit")?.cpuMicros ?? NaN), 2),
      number(major),
      number(minor),
      number(pageFaults)
    ])
  )

const checks = 100_000_000
const peak = 3
const minutes = 10
const perSecond = checks / (30 * 86_400)

const arithmetic = ({ collecting, waiting }: Growth): string => {
  const level = (collecting.PostgreSQL ?? collecting.SQLite)?.at(-1) ?? none
  const memory = waiting.awaitStored.bytesAUser + waiting.awaitStored.storedBytesAUser
  const cpu = level.collecting.cpuMicros
  const result = level.databaseBytesAQueuedId + level.databaseBytesAResult
  return table(
    ["what", "arithmetic", "result"],
    [
      ["checks a second, on average", "100,000,000 ÷ (30 × 86,400 s)", number(perSecond, 1)],
      [`at peak, ${peak} times as many`, `${number(perSecond, 1)} × ${peak}`, number(perSecond * peak)],
      [
        `users who wait at peak, ${minutes} minutes each`,
        `${number(perSecond * peak)} × ${minutes * 60} s`,
        number(perSecond * peak * minutes * 60)
      ],
      [
        "their memory, if each is a fiber",
        `× ${kilobytes(memory)}`,
        `${number((perSecond * peak * minutes * 60 * memory) / 1e9, 1)} GB`
      ],
      [
        "cores that collect at peak",
        `${number(perSecond * peak)} × ${number(cpu)} µs`,
        number((perSecond * peak * cpu) / 1e6, 2)
      ],
      ["rows a month", `100,000,000 × ${number(result)} bytes`, `${number((checks * result) / 1e9)} GB`],
      [
        "quota to ask the vendor for",
        "checks at peak, with one poll in ten",
        `${number(perSecond * peak * 1.1)} calls/s`
      ],
      ["images a month, two of 400 KB", "100,000,000 × 800 KB", "80 TB of object storage"]
    ]
  )
}

const none: Collecting = {
  rows: 0,
  adding: { micros: NaN, cpuMicros: NaN },
  collecting: { micros: NaN, cpuMicros: NaN },
  looking: { micros: NaN, cpuMicros: NaN },
  heapBytesAQueuedId: NaN,
  databaseBytesAQueuedId: NaN,
  databaseBytesAResult: NaN
}

const parts: Readonly<Record<string, (growth: Growth) => string>> = {
  conditions,
  waiting,
  queued,
  stored,
  shared,
  images,
  collections,
  arithmetic
}

/** All tables, as Markdown. */
export const tables = (growth: Growth): string =>
  Object.values(parts)
    .map((part) => part(growth))
    .join("\n\n")

const withFigures = (text: string, growth: Growth): string =>
  Object.entries(parts).reduce(
    (text, [name, part]) =>
      text.replace(
        new RegExp(`(<!-- growth: ${name} -->\n\n)[\\s\\S]*?(\n\n<!-- end -->)`),
        (_, start: string, end: string) => `${start}${part(growth)}${end}`
      ),
    text
  )

/** Writes the figures into the page. */
export const write = (growth: Growth): void => writeFileSync(page, withFigures(readFileSync(page, "utf8"), growth))

/** Whether the page has these figures. */
export const isCurrent = (): boolean => {
  const growth: Growth = JSON.parse(readFileSync(json, "utf8"))
  const text = readFileSync(page, "utf8")
  return withFigures(text, growth) === text
}

if (import.meta.main) {
  if (!process.argv.includes("--check")) write(JSON.parse(readFileSync(json, "utf8")))
  else if (!isCurrent()) {
    console.error("docs/explanation/growth.md has other figures than bench/growth.json: node bench/growth/page.ts")
    process.exitCode = 1
  }
}
