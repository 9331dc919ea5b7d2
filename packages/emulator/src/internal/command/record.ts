/** `record`: a proxy that writes the real service's answers down, until a signal ends it. */
import * as Config from "effect/Config"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Recorder from "../../Recorder.ts"
import type { RecordInput } from "./flags.ts"
import { messageOf, wrong } from "./unusable.ts"

export const record = Effect.fnUntraced(function* (input: RecordInput) {
  // The vendor's own names for the real credentials.
  const settings = yield* Config.all({
    accessKeyId: Config.String("ALIBABA_CLOUD_ACCESS_KEY_ID"),
    accessKeySecret: Config.Redacted("ALIBABA_CLOUD_ACCESS_KEY_SECRET"),
    securityToken: Config.option(Config.Redacted("ALIBABA_CLOUD_SECURITY_TOKEN"))
  }).pipe(
    Effect.mapError(() =>
      wrong(
        "Set ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET to the real credentials, and ALIBABA_CLOUD_SECURITY_TOKEN if they are temporary."
      )
    )
  )
  const credentials = {
    accessKeyId: settings.accessKeyId,
    accessKeySecret: Redacted.value(settings.accessKeySecret),
    securityToken: Option.getOrUndefined(Option.map(settings.securityToken, Redacted.value))
  }
  const recorder = yield* Effect.acquireRelease(
    Effect.tryPromise({
      try: () => Recorder.start({ ...input, credentials }),
      catch: (cause) => wrong("The recorder cannot start: {0}", messageOf(cause))
    }),
    (recorder) => Effect.promise(recorder.close)
  )
  yield* Console.log(`Recording ${input.upstream} at ${recorder.url} into ${input.file}`)
  return yield* Effect.never
}, Effect.scoped)
