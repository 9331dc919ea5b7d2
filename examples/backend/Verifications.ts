/** Begin, decide, read. */
import { createHmac, randomUUID } from "node:crypto"
import { type CheckResult, DocType, TransactionStore, Verdict } from "@effect-cloudauth/core"
import * as Callback from "@effect-cloudauth/core/Callback"
import { Config, Effect, Layer, Option, Redacted } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { Api, Begun, type Decision, Unavailable, Verification, VerificationNotFound } from "./Api.ts"
import { Decisions } from "./Decisions.ts"

const docTypes = {
  HongKongIdentityCard: DocType.HongKongIdentityCard2018,
  GlobalPassport: DocType.GlobalPassport
} as const

const callbackToken = Config.Redacted("CLOUDAUTH_CALLBACK_TOKEN")

/** Your rules. A suspected forgery is looked at by a colleague, and its user isn't told why. */
const decide = (result: CheckResult): Decision =>
  Verdict.match(result.verdict, {
    Passed: () => "accepted",
    Rejected: ({ subCode }) =>
      subCode._tag === "ImageInsufficient" || subCode._tag === "DocumentNotRecognised" ? "retake" : "review",
    Inconclusive: () => "review"
  })

/** The platform calls when the user is done; each result comes once, from CheckResult, never from the call itself. */
export const callback = Layer.unwrap(
  Effect.gen(function* () {
    const decisions = yield* Decisions
    return Callback.layer({
      callbackToken: yield* callbackToken,
      onResult: ({ result, transaction }) => decisions.put(transaction.merchantBizId, decide(result))
    })
  })
)

/** The log says what failed, without ids or a person's data; the front end learns that it failed. */
const unavailable = (error: Error) => Effect.andThen(Effect.logError(error.message), Effect.fail(new Unavailable()))

export const handlers = HttpApiBuilder.group(
  Api,
  "verifications",
  Effect.fn(function* (handlers) {
    const token = yield* callbackToken
    const publicUrl = yield* Config.URL("PUBLIC_URL")
    const userIdKey = yield* Config.Redacted("USER_ID_KEY")
    const decisions = yield* Decisions
    const store = yield* TransactionStore

    return handlers.handleAll({
      begin: Effect.fn(function* ({ payload }) {
        const id = randomUUID().replaceAll("-", "")
        const { transactionUrl } = yield* TransactionStore.initialize({
          merchantBizId: id,
          // The vendor need not know who it is; without the key nobody can guess it from the hash.
          merchantUserId: createHmac("sha256", Redacted.value(userIdKey)).update(payload.userId).digest("hex"),
          docType: docTypes[payload.document],
          idSpoof: true,
          callbackUrl: new URL("/cloudauth/callback", publicUrl).href,
          callbackToken: token
        }).pipe(Effect.catch(unavailable))
        if (transactionUrl === undefined) return yield* new Unavailable()
        return new Begun({ id, url: Redacted.value(transactionUrl) })
      }),

      read: Effect.fn(function* ({ params: { id } }) {
        const [transaction] = yield* Effect.catch(store.byMerchantBizId(id), unavailable)
        if (transaction === undefined) return yield* new VerificationNotFound()
        const decision = yield* decisions.get(id)
        return new Verification({ id, status: Option.getOrElse(decision, () => "pending" as const) })
      })
    })
  })
)
