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
