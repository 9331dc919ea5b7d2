/**
 * How a command ends without success: a message for people and an exit code for scripts.
 *
 * @since 0.1.0
 */
import type { AwaitError } from "@effect-cloudauth/core/Cloudauth"
import * as CloudauthError from "@effect-cloudauth/core/CloudauthError"
import type { Stopped } from "@effect-cloudauth/core/CollectQueue"
import * as ResponseCode from "@effect-cloudauth/core/ResponseCode"
import * as CliError from "effect/cli/CliError"
import * as Runtime from "effect/Runtime"
import * as Schema from "effect/Schema"
import * as ExitCode from "./ExitCode.ts"
import { phraseOf } from "./internal/callWords.ts"
import { english, Phrase, say } from "./internal/language/say.ts"
import { replaceAdvice } from "./internal/replaceAdvice.ts"

export type { Phrase, Value } from "./internal/language/say.ts"

/**
 * The command failed. Its message is for the person at the terminal and holds no secret and no person's data.
 *
 * @category errors
 * @since 0.1.0
 */
export class Failure extends Schema.TaggedError<Failure>("@effect-cloudauth/cli/Failure")(
  "Failure",
  {
    exit: Schema.Literals(ExitCode.names),
    message: Schema.String,
    /** The response code, if the service said no. */
    code: Schema.optionalKey(Schema.String),
    requestId: Schema.optionalKey(Schema.String),
    /** What to do. */
    advice: Schema.optionalKey(Schema.String),
    /** The message without the advice, as a template with values: the key of its translations. */
    phrase: Schema.optionalKey(Phrase)
  },
  { httpApiStatus: 500 }
) {
  override readonly name = "Failure"
  override get [Runtime.errorExitCode](): number {
    return ExitCode.table[this.exit].code
  }
  override [Runtime.errorReported] = false
  override get [CliError.userMessage](): string {
    return this.message
  }
}

/**
 * The command did its work and has nothing to add, but its outcome is not `Success`: a rejection, for example.
 *
 * @category errors
 * @since 0.1.0
 */
export class Outcome extends Schema.TaggedError<Outcome>("@effect-cloudauth/cli/Outcome")(
  "Outcome",
  {
    exit: Schema.Literals(ExitCode.names)
  },
  { httpApiStatus: 500 }
) {
  override readonly name = "Outcome"
  override get [Runtime.errorExitCode](): number {
    return ExitCode.table[this.exit].code
  }
  override [Runtime.errorReported] = false
}

/**
 * A failure as `--json` prints it on standard output.
 *
 * @category encoding
 * @since 0.1.0
 */
export const Json = Schema.Struct({
  error: Schema.Struct({
    outcome: Schema.Literals(ExitCode.names),
    exitCode: Schema.Int,
    message: Schema.String,
    /** The response code, if the service said no. */
    code: Schema.optionalKey(Schema.String),
    requestId: Schema.optionalKey(Schema.String),
    /** What to do. */
    advice: Schema.optionalKey(Schema.String)
  })
})
export interface Json extends Schema.Schema.Type<typeof Json> {}

/**
 * A failure as JSON.
 *
 * @example
 * import * as Failure from "@effect-cloudauth/cli/Failure"
 *
 * Failure.toJson(Failure.failure("Usage", "There is no such file."))
 * // => { error: { outcome: "Usage", exitCode: 2, message: "There is no such file." } }
 *
 * @category encoding
 * @since 0.1.0
 */
export const toJson = ({ advice, code, exit, message, requestId }: Failure): Json => ({
  error: {
    outcome: exit,
    exitCode: ExitCode.table[exit].code,
    message,
    ...(code === undefined ? {} : { code }),
    ...(requestId === undefined ? {} : { requestId }),
    ...(advice === undefined ? {} : { advice })
  }
})

/**
 * A failure with a message: text, or a sentence that the command line can translate.
 *
 * @category constructors
 * @since 0.1.0
 */
export const failure = (exit: ExitCode.Name, message: string | Phrase): Failure =>
  typeof message === "string"
    ? new Failure({ exit, message })
    : new Failure({ exit, message: english(message), phrase: message })

/**
 * A call that failed, as the command's failure.
 *
 * @category getters
 * @since 0.1.0
 */
export const ofError = (error: CloudauthError.CloudauthError): Failure => described(error, "", phraseOf(error))

/**
 * What to do at a terminal, by the advice that is for programs.
 *
 * @category constants
 * @since 0.1.0
 */
export const advices: ReadonlyMap<string, string> = new Map([
  [ResponseCode.table.ProcessNotCompleted.advice, "The user has not finished: ask again later, or with --wait."],
  [
    CloudauthError.credentialsError("").advice,
    "Set ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET, or configure the vendor's CLI (aliyun configure).\nTo try without a key, run effect-cloudauth emulator and set what it prints."
  ]
])

/**
 * A collection that stopped, as the command's failure.
 *
 * @category getters
 * @since 0.1.0
 */
export const ofStopped = ({ because }: Stopped): Failure =>
  described(because, "Stopped, and can be continued. ", say`Stopped, and can be continued. ${phraseOf(because)}`)

const described = (error: CloudauthError.CloudauthError, before: string, phrase: Phrase): Failure => {
  const { code, requestId } = error
  const advice = advices.get(error.advice) ?? error.advice
  const words = replaceAdvice(error.message, error.advice, advice)
  return new Failure({
    exit: ExitCode.ofError(error),
    message: `${before}${error._tag}: ${words}`,
    code,
    ...(requestId === undefined ? {} : { requestId }),
    advice,
    phrase
  })
}

/**
 * A wait that failed, as the command's failure: one that timed out ends like one that asks too early.
 *
 * @category getters
 * @since 0.1.0
 */
export const ofAwaitError = (error: AwaitError): Failure =>
  error._tag === "WaitTimedOut"
    ? new Failure({
        exit: "NotCompleted",
        message: `${error._tag}: ${error.message}`,
        advice: error.advice,
        phrase: say`WaitTimedOut: no result in time (${error.polls} polls, the last: ${error.reason ?? "none ended"}).`
      })
    : ofError(error)
