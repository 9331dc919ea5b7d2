/** Brings the ids of a file, or of standard input, into a store; what cannot be used is kept with its line number. */
import { randomUUID } from "node:crypto"
import type * as Document from "@effect-cloudauth/core/Document"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Stdio from "effect/Stdio"
import * as Stream from "effect/Stream"
import { failure } from "../Failure.ts"
import * as IdList from "../IdList.ts"
import { ResultStore } from "../ResultStore.ts"
import * as durable from "./durable.ts"

export interface Options {
  /** A file, or `-` for standard input. */
  readonly source: string
  readonly column: string | undefined
  /** For ids whose line names none. */
  readonly document: Document.Name | undefined
}

export interface Read {
  readonly added: number
  readonly again: number
  readonly done: number
  /** Ids that stood in the list more than once. */
  readonly duplicates: number
  readonly bad: ReadonlyArray<IdList.BadLine>
}

/** How many ids are registered in one transaction. */
const batch = 1000

/** The longest line, in characters: beyond it this is no list of ids. */
const longestLine = 1_000_000

/** Splits text into lines, whatever pieces it comes in. */
const lines = <E, R>(text: Stream.Stream<string, E, R>): Stream.Stream<string, E, R> =>
  Stream.mapAccum(
    text,
    () => "",
    (rest: string, piece: string) => {
      const parts = (rest + piece).split("\n")
      const last = parts.pop() ?? ""
      if (last.length <= longestLine) return [last, parts] as const
      return ["", [...parts, last]] as const
    },
    { onHalt: (rest) => (rest === "" ? [] : [rest]) }
  )

/** Reads every line before anything is asked, and makes the ids durable. */
export const register = Effect.fnUntraced(function* (options: Options) {
  const fs = yield* FileSystem.FileSystem
  const stdio = yield* Stdio.Stdio
  const store = yield* ResultStore
  const reader = IdList.reader({ column: options.column })
  const seen = new Set<string>()
  const bad: Array<IdList.BadLine> = []
  const figures = { added: 0, again: 0, done: 0, duplicates: 0 }
  const listName = options.source === "-" ? "Standard input" : options.source
  const bytes = options.source === "-" ? stdio.stdin : fs.stream(options.source)

  yield* bytes.pipe(
    Stream.mapError((error) => failure("Storage", `${listName} cannot be read: ${durable.reasonOf(error)}.`)),
    Stream.decodeText(),
    lines,
    Stream.mapEffect((line) => {
      const read = reader.read(line)
      if (read?._tag === "Unusable") {
        return Effect.fail(failure("Usage", `Line ${read.line} of the list cannot be used: ${read.reason}.`))
      }
      if (read?._tag === "BadLine") bad.push(read)
      if (read?._tag !== "Entry") return Effect.succeed([])
      if (seen.has(read.transactionId)) {
        figures.duplicates += 1
        return Effect.succeed([])
      }
      seen.add(read.transactionId)
      return Effect.succeed([read])
    }),
    Stream.flatMap(Stream.fromIterable),
    Stream.grouped(batch),
    Stream.runForEach((entries) =>
      Effect.flatMap(Clock.currentTimeMillis, (now) =>
        Effect.map(
          store.register(
            entries.map((entry) => ({
              transactionId: entry.transactionId,
              merchantBizId: entry.merchantBizId ?? randomUUID().replaceAll("-", ""),
              document: entry.document ?? options.document,
              authenticatedAt: entry.authenticatedAt
            })),
            now
          ),
          (registered) => {
            figures.added += registered.added
            figures.again += registered.again
            figures.done += registered.done
          }
        )
      )
    )
  )
  return { ...figures, bad } satisfies Read
})
