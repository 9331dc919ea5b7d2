/** Effect's own span of a request, kept away: it would carry what is sent. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import type { HttpClientRequest } from "effect/http/HttpClientRequest"
import type * as Predicate from "effect/Predicate"

// Effect's own, by its key, as `Transport.HttpClient` is.
const TracerDisabledWhen: typeof HttpClient.TracerDisabledWhen = Context.Reference<
  Predicate.Predicate<HttpClientRequest>
>("effect/http/HttpClient/TracerDisabledWhen", { defaultValue: () => () => false })

const always = () => true

/** A context in which Effect makes no span of a request. */
export const withoutTracing = <R>(context: Context.Context<R>): Context.Context<R> =>
  Context.add(context, TracerDisabledWhen, always)

/** Effect's span of a request by which a credential is fetched would carry what is sent for it. */
export const untraced = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.updateContext(effect, withoutTracing<R>)
