/** Effect's span of a request, kept away from what fetches a credential. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import type { HttpClientRequest } from "effect/http/HttpClientRequest"
import type * as Predicate from "effect/Predicate"

// Effect's own, by its key, as `Transport.HttpClient` is.
const TracerDisabledWhen: typeof HttpClient.TracerDisabledWhen = Context.Reference<
  Predicate.Predicate<HttpClientRequest>
>("effect/http/HttpClient/TracerDisabledWhen", { defaultValue: () => () => false })

/** Effect's span of a request by which a credential is fetched would carry what is sent for it. */
export const untraced = Effect.provideService(TracerDisabledWhen, () => true)
