/** Adds the findings to a stored transaction's result. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Assessment from "../../Assessment.ts"
import type { CheckResult } from "../../CheckResult.ts"
import type * as Document from "../../Document.ts"

export const assessed = <R extends CheckResult<Document.Reading>, E, Q>(
  { isReturnImage = false }: { readonly isReturnImage?: boolean | undefined },
  call: Effect.Effect<R, E, Q>
): Effect.Effect<Assessment.Assessed<R>, E, Q> =>
  Effect.flatMap(call, (result) =>
    Effect.map(Clock.currentTimeMillis, (now) => Assessment.assess(result, { now, imagesRequested: isReturnImage }))
  )
