/** The page of the command line's exit codes. */
import * as ExitCode from "@effect-cloudauth/cli/ExitCode"
import { code, page, table, text } from "./markdown.ts"

export const exitCodes = (): string =>
  page(
    "Exit codes",
    "`ExitCode.ts` of the command line",
    table(
      ["code", "outcome", "meaning"],
      ExitCode.names.map((name) => [String(ExitCode.table[name].code), code(name), text(ExitCode.table[name].meaning)])
    )
  )
