/**
 * Writes files that are whole or absent, whenever the process or the machine dies: a temporary file is synced and renamed,
 * and the directory synced. Only the owner can read them.
 */
import { randomUUID } from "node:crypto"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Path from "effect/Path"
import type { PlatformError } from "effect/PlatformError"
import { type Failure, failure } from "../Failure.ts"
import { errorCode } from "./errorCode.ts"
import { say, type Value } from "./language/say.ts"

export type FileError = PlatformError

export const reasons: Readonly<Record<string, string>> = {
  EACCES: "permission is denied",
  EDQUOT: "the quota of this disk is used up",
  EEXIST: "a file of that name is in the way",
  EISDIR: "it is a directory",
  EMFILE: "too many files are open",
  ENAMETOOLONG: "the name is too long",
  ENOENT: "there is no such file or directory",
  ENOSPC: "no space is left on the disk",
  ENOTDIR: "a part of the path is not a directory",
  EPERM: "permission is denied",
  EROFS: "the disk cannot be written to"
}

/** Why a file cannot be used, without its name. */
export const reasonOf = ({ reason }: FileError): string => {
  const code = errorCode(reason.cause)
  return code === undefined ? reason._tag : `${reasons[code] ?? reason._tag} (${code})`
}

/** What was to be written and can't be, as the command's failure. */
export const unwritten =
  (what: Value) =>
  (error: FileError): Failure =>
    failure("Storage", say`${what} cannot be written: ${reasonOf(error)}.`)

/** A directory, with those above it, that only the owner can enter. */
export const makeDirectory = (directory: string): Effect.Effect<void, FileError, FileSystem.FileSystem> =>
  FileSystem.FileSystem.use((fs) => fs.makeDirectory(directory, { recursive: true, mode: 0o700 }))

/** Makes renames and new names in a directory durable. */
const syncDirectory = (directory: string): Effect.Effect<void, FileError, FileSystem.FileSystem> =>
  FileSystem.FileSystem.use((fs) =>
    Effect.scoped(Effect.flatMap(fs.open(directory, { flag: "r" }), (handle) => handle.sync)).pipe(
      // Not every system can sync a directory (Windows can't).
      Effect.catchIf(
        (error) => /EISDIR|EPERM|EACCES|EINVAL|ENOTSUP/.test(reasonOf(error)),
        () => Effect.void
      )
    )
  )

/** Writes a file, whole or not at all, and durable once it returns. */
export const writeFile = Effect.fnUntraced(function* (file: string, bytes: Uint8Array) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const directory = path.dirname(file)
  yield* makeDirectory(directory)
  const temporary = `${file}.${randomUUID()}.tmp`
  yield* Effect.scoped(
    Effect.gen(function* () {
      const handle = yield* fs.open(temporary, { flag: "w", mode: 0o600 })
      yield* handle.writeAll(bytes)
      yield* handle.sync
    })
  ).pipe(
    Effect.andThen(fs.rename(temporary, file)),
    Effect.onError(() => Effect.ignore(fs.remove(temporary, { force: true })))
  )
  yield* syncDirectory(directory)
})

const encoder = new TextEncoder()

/** The same for text. */
export const writeText = (file: string, text: string) => writeFile(file, encoder.encode(text))

/** `undefined` if there is no such file. */
export const absentIsUndefined = <A, R>(
  read: Effect.Effect<A, FileError, R>
): Effect.Effect<A | undefined, FileError, R> =>
  Effect.catchIf(
    read,
    (error) => error.reason._tag === "NotFound",
    () => Effect.undefined
  )
