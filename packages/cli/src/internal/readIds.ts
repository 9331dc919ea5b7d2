/** Brings the ids of a file, or of standard input, into a store; what cannot be used is kept with its line number. */
import { randomUUID } from "node:crypto"
import type * as Document from "@effect-cloudauth/core/Document"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import * as Stdio from "effect/Stdio"
import * as Stream from "effect/Stream"
import { type Failure, failure } from "../Failure.ts"
import * as IdList from "../IdList.ts"
import { ResultStore } from "../ResultStore.ts"
import * as durable from "./durable.ts"
import { type Phrase, say } from "./language/say.ts"

export interface Options {
  /** A file, or `-` for standard input. */
  readonly source: string
  readonly column: string | undefined
  /** The zone of times that name none: `Asia/Hong_Kong` or `+08:00`. */
  readonly timeZone: string | undefined
  readonly encoding: string | undefined
  /** For ids whose line names none. */
  readonly document: Document.Name | undefined
  /** Whether a list without an id is right. */
  readonly allowEmpty: boolean
}

/** Values of the same column that are not used for the same reason. */
export interface Unused extends IdList.Warning {
  /** The first line of them. */
  readonly line: number
  readonly count: number
}

export interface Read {
  readonly added: number
  readonly again: number
  readonly done: number
  /** Ids that stood in the list more than once. */
  readonly duplicates: number
  readonly bad: ReadonlyArray<IdList.BadLine>
  readonly unused: ReadonlyArray<Unused>
}

/** How many ids are registered in one transaction. */
const batch = 1000

const zoneOf = (name: string | undefined): Effect.Effect<DateTime.TimeZone | undefined, Failure> => {
  if (name === undefined) return Effect.undefined
  const zone = name.toUpperCase() === "Z" ? Option.some(DateTime.zoneMakeOffset(0)) : DateTime.zoneFromString(name)
  return Option.match(zone, {
    onNone: () =>
      Effect.fail(
        failure(
          "Usage",
          say`--time-zone ${JSON.stringify(name)} is no time zone: write its name (Asia/Hong_Kong) or its offset (+08:00).`
        )
      ),
    onSome: (zone) => Effect.succeed(zone)
  })
}

/** Counts values that are not used, by column and reason. */
const countUnused = (unused: Map<string, Unused>, { line, warnings }: IdList.Entry): void => {
  for (const warning of warnings) {
    const key = `${warning.field} ${warning.reason}`
    const before = unused.get(key)
    unused.set(key, before === undefined ? { ...warning, line, count: 1 } : { ...before, count: before.count + 1 })
  }
}

/** Reads every line before anything is asked, and makes the ids durable. */
export const register = Effect.fnUntraced(function* (options: Options) {
  const fs = yield* FileSystem.FileSystem
  const stdio = yield* Stdio.Stdio
  const store = yield* ResultStore
  const timeZone = yield* zoneOf(options.timeZone)
  const seen = new Set<string>()
  const bad: Array<IdList.BadLine> = []
  const unused = new Map<string, Unused>()
  const figures = { added: 0, again: 0, done: 0, duplicates: 0 }
  const listName = options.source === "-" ? say`Standard input` : options.source
  const bytes = options.source === "-" ? stdio.stdin : fs.stream(options.source)

  const readable = Stream.mapError(bytes, (error) =>
    failure("Storage", say`${listName} cannot be read: ${durable.reasonOf(error)}.`)
  )
  const { column, encoding } = options
  yield* IdList.fromBytes(readable, { column, encoding, timeZone }).pipe(
    Stream.mapEffect((read) => {
      if (read._tag === "Unusable") {
        return Effect.fail(failure("Usage", say`${listName}, line ${read.line}, cannot be used: ${read.reason}.`))
      }
      if (read._tag === "BadLine") {
        bad.push(read)
        return Effect.succeed([])
      }
      if (seen.has(read.transactionId)) {
        figures.duplicates += 1
        return Effect.succeed([])
      }
      seen.add(read.transactionId)
      countUnused(unused, read)
      return Effect.succeed([read])
    }),
    Stream.flatMap(Stream.fromIterable),
    Stream.grouped(batch),
    Stream.runForEach((entries) =>
      Effect.map(
        store.register(
          entries.map((entry) => ({
            transactionId: entry.transactionId,
            merchantBizId: entry.merchantBizId ?? randomUUID().replaceAll("-", ""),
            document: entry.document ?? options.document,
            authenticatedAt: entry.authenticatedAt
          }))
        ),
        (registered) => {
          figures.added += registered.added
          figures.again += registered.again
          figures.done += registered.done
        }
      )
    )
  )
  if (seen.size === 0 && bad.length === 0 && !options.allowEmpty) {
    return yield* failure(
      "Usage",
      say`${listName} has no transaction id. Look at the program that wrote it; --allow-empty if it is right that there are none.`
    )
  }
  return { ...figures, bad, unused: [...unused.values()] } satisfies Read
})

/** How the reason of a value begins that is left out. */
const notUsed = "is not used: "

/** How many reasons are shown. */
const shown = 10

/** What was left out of the list, one line a reason. */
export const explain = ({ bad, unused }: Read, badFile: string): ReadonlyArray<Phrase> => [
  ...bad.slice(0, shown).map(({ line, reason }) => say`Line ${line} is left out: ${reason}.`),
  ...(bad.length > shown ? [say`… and ${bad.length - shown} more bad lines, in ${badFile}`] : []),
  ...unused.map(({ count, field, line, reason, value }) => {
    const where = count === 1 ? say`Line ${line}` : say`Line ${line} and ${count - 1} more`
    const what = value === undefined ? field : `${field} ${JSON.stringify(value)}`
    return reason.startsWith(notUsed)
      ? say`${where}: ${what} is not used: ${reason.slice(notUsed.length)}.`
      : say`${where}: ${what} ${reason}.`
  })
]
