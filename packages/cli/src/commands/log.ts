/** `log <transaction-id>`: why a user did not finish. */
import { randomUUID } from "node:crypto"
import * as VerifyLog from "@effect-cloudauth/core/VerifyLog"
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Client from "../Client.ts"
import * as ExitCode from "../ExitCode.ts"
import { ofError } from "../Failure.ts"
import * as flags from "../internal/flags.ts"
import { type Phrase, say, type Value } from "../internal/language/say.ts"
import * as Language from "../Language.ts"
import * as Output from "../Output.ts"
import { Settings } from "../Settings.ts"

const words: Readonly<Record<VerifyLog.Status, Phrase>> = {
  Finished: say`The user finished`,
  Interrupted: say`The user stopped`,
  NotStarted: say`The user has not started, or nothing is reported yet`,
  NotReported: say`The log does not say how far the user came`
}

const encode = Schema.encodeSync(VerifyLog.VerifyLog)

const show = (log: VerifyLog.VerifyLog, language: Language.Language): string => {
  const { cameraRefused, edits, errorCode, page, pageMillis, requestId, status } = log
  const reason = VerifyLog.reasonOf(log)
  const row = (name: Value, value: Value | undefined): ReadonlyArray<readonly [string, string]> =>
    value === undefined ? [] : [[Language.render(name, language), Language.render(value, language)]]
  const rows = [
    ...row(say`reason`, errorCode && (reason === undefined ? errorCode : say`${reason.meaning} (${errorCode})`)),
    ...row(say`advice`, reason?.advice),
    ...row(say`camera`, cameraRefused === true ? say`refused by the user` : undefined),
    ...row(say`edits`, edits),
    ...Object.entries(pageMillis).flatMap(([page, millis]) => row(page, `${(millis / 1000).toFixed(1)} s`)),
    ...row(say`request id`, requestId)
  ]
  const head = page === undefined ? words[status] : say`${words[status]} at ${page}`
  return [Language.render(head, language), Output.columns(rows)].join("\n")
}

export const log = Command.make(
  "log",
  {
    transactionId: Argument.String("transaction-id").pipe(
      Argument.withDescription("The id that Initialize returned and your server stored")
    ),
    merchantBizId: Flag.String("merchant-biz-id").pipe(
      Flag.withDescription("Your own id of this check, as Initialize had it; made up if left out"),
      Flag.optional
    ),
    json: flags.json
  },
  Effect.fnUntraced(function* (input) {
    const settings = yield* Settings
    const merchantBizId = Option.getOrElse(input.merchantBizId, () => randomUUID().replaceAll("-", ""))
    const found = yield* VerifyLog.check({ merchantBizId, transactionId: input.transactionId }).pipe(
      Effect.mapError(ofError),
      Effect.provide(Client.layer(settings))
    )
    yield* input.json
      ? Output.json({ ...encode(found), reason: VerifyLog.reasonOf(found) })
      : Output.result(show(found, yield* Language.Language))
  })
).pipe(
  Command.withShortDescription("Ask why a user did not finish"),
  Command.withDescription(
    `Asks for the log that the vendor's client SDK reported: the page at which the user stopped, and why. It holds no person's data and is not billed.

Ask when the user's 30 minutes are over, because the reports come late, and within 30 days.

${ExitCode.help("Success", "Unexpected", "Usage", "NotCompleted", "UnknownTransaction", ...ExitCode.ofCalls)}`
  ),
  Command.withExamples([{ command: "effect-cloudauth log hksb7e3a55f0c1d2", description: "Where did this user stop?" }])
)
