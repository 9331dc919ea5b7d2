/** Who calls, the routes of the API, and the decision on each result. */
import { createHmac } from "node:crypto"
import { Assessment, DecisionPolicy, TransactionStore } from "@effect-cloudauth/core"
import * as Callback from "@effect-cloudauth/core/Callback"
import * as CloudauthApi from "@effect-cloudauth/core/CloudauthApi"
import { Config, DateTime, Effect, Layer, Redacted } from "effect"
import { HttpServerRequest } from "effect/http"
import { HttpApiBuilder, HttpApiError } from "effect/http-api"
import { Api, DecisionNotFound } from "./Api.ts"
import { Decisions } from "./Decisions.ts"

const callbackToken = Config.Redacted("CLOUDAUTH_CALLBACK_TOKEN")
const callbackUrl = Config.map(Config.URL("PUBLIC_URL"), (url) => new URL("/cloudauth/callback", url).href)

/** A header stands in for your session: any caller can send it, so replace it before production. */
export const ownership = Layer.effect(
  CloudauthApi.Ownership,
  Effect.map(Config.Redacted("USER_ID_KEY"), (key) =>
    Effect.fnUntraced(function* (route) {
      const id = (yield* HttpServerRequest.HttpServerRequest).headers["x-user-id"]
      if (!id) return yield* new HttpApiError.Unauthorized()
      // The vendor need not know the user. Without the key the id can't be guessed from the hash.
      const merchantUserId = createHmac("sha256", Redacted.value(key)).update(id).digest("hex")
      return yield* Effect.provideService(route, CloudauthApi.Owner, { id, merchantUserId })
    })
  )
)

/** Begins verifications, and reads their state and their result without the person. */
export const verifications = Layer.unwrap(
  Effect.map(Config.all({ callbackToken, callbackUrl }), (options) => CloudauthApi.layer(Api, options))
)

/** Your rules. What a policy does not name goes to a reviewer. */
const policy = DecisionPolicy.make({
  ...DecisionPolicy.standard,
  version: "backend-1",
  findings: { ...DecisionPolicy.standard.findings, Expired: "decline" }
})

const decide = Effect.fnUntraced(function* ({ result, transaction }: Callback.Collected) {
  const assessed = Assessment.assess(result, { now: yield* DateTime.now, minimumAge: 18 })
  const { put } = yield* Decisions
  yield* put(transaction, yield* TransactionStore.decide(policy, assessed))
})

/** The platform calls when the user is done; each result comes once, from CheckResult, never from the call itself. */
export const callback = Layer.unwrap(
  Effect.map(callbackToken, (callbackToken) => Callback.layer({ callbackToken, onResult: decide }))
)

/** What was decided on the caller's own verification. */
export const decisions = HttpApiBuilder.group(Api, "decisions", (handlers) =>
  handlers.handle(
    "read",
    Effect.fn(function* ({ params: { id } }) {
      const { id: owner } = yield* CloudauthApi.Owner
      const { get } = yield* Decisions
      const decision = yield* Effect.orDie(get({ owner, merchantBizId: id }))
      if (decision._tag === "None") return yield* new DecisionNotFound()
      return { outcome: decision.value._tag, text: decision.value.userText }
    })
  )
)
