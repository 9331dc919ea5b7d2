/** Loads Node's own SQLite without its notice that it is young: the notice would stand in every command's output. */
import type * as Sqlite from "node:sqlite"

export const load = async (): Promise<typeof Sqlite> => {
  const { emitWarning } = process
  process.emitWarning = () => {}
  try {
    return await import("node:sqlite")
  } finally {
    process.emitWarning = emitWarning
  }
}

/** SQLite's own words for an error, which quote nothing: `database or disk is full`. */
export const reasonOf = (error: unknown): string | undefined =>
  typeof error === "object" && error !== null && "errstr" in error && typeof error.errstr === "string"
    ? error.errstr
    : undefined
