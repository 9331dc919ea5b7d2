// The same call as an Effect user would write it by hand, without this library: what Effect itself weighs in a bundle.
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Redacted from "effect/Redacted"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"

const Passport = Schema.Struct({
  surname: Schema.optional(Schema.String),
  givenname: Schema.optional(Schema.String),
  sex: Schema.optional(Schema.Literals(["M", "F"])),
  birthDate: Schema.optional(Schema.String),
  passportNo: Schema.optional(Schema.String),
  nationality: Schema.optional(Schema.String),
  expiryDate: Schema.optional(Schema.String),
  countryCode: Schema.optional(Schema.String)
})

const ExtIdInfo = Schema.Struct({
  ocrIdInfo: Schema.fromJsonString(Passport),
  ocrIdEditInfo: Schema.optional(Schema.fromJsonString(Passport)),
  idImage: Schema.optional(Schema.Uint8ArrayFromBase64),
  spoofInfo: Schema.optional(
    Schema.fromJsonString(Schema.Struct({ spoofResult: Schema.String, spoofType: Schema.Array(Schema.String) }))
  )
})

const Answer = Schema.Struct({
  Code: Schema.String,
  Result: Schema.Struct({
    Passed: Schema.Literals(["Y", "N", "P"]),
    SubCode: Schema.String,
    ExtIdInfo: Schema.fromJsonString(ExtIdInfo)
  })
})

const key = Config.all({
  id: Config.Redacted("ALIBABA_CLOUD_ACCESS_KEY_ID"),
  secret: Config.Redacted("ALIBABA_CLOUD_ACCESS_KEY_SECRET")
})

const hex = (bytes) => Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("")
const utf8 = (text) => new TextEncoder().encode(text)
const sha256 = async (text) => hex(await crypto.subtle.digest("SHA-256", utf8(text)))
const hmac = async (secret, text) => {
  const key = await crypto.subtle.importKey("raw", utf8(secret), { name: "HMAC", hash: "SHA-256" }, false, ["sign"])
  return hex(await crypto.subtle.sign("HMAC", key, utf8(text)))
}

const host = "cloudauth-intl.cn-hongkong.aliyuncs.com"

const signed = async ({ id, secret }, query) => {
  const headers = {
    host,
    "x-acs-action": "CheckResult",
    "x-acs-content-sha256": await sha256(""),
    "x-acs-date": `${new Date().toISOString().slice(0, 19)}Z`,
    "x-acs-signature-nonce": crypto.randomUUID(),
    "x-acs-version": "2022-08-09"
  }
  const names = Object.keys(headers).join(";")
  const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}\n`)
  const canonical = `POST\n/\n${query}\n${lines.join("")}\n${names}\n${headers["x-acs-content-sha256"]}`
  const signature = await hmac(Redacted.value(secret), `ACS3-HMAC-SHA256\n${await sha256(canonical)}`)
  const authorization = `ACS3-HMAC-SHA256 Credential=${Redacted.value(id)},SignedHeaders=${names},Signature=${signature}`
  return { ...headers, authorization }
}

const attempt = (query) =>
  Effect.gen(function* () {
    const headers = yield* Effect.flatMap(key, (key) => Effect.promise(() => signed(key, query)))
    const request = HttpClientRequest.post(`https://${host}/?${query}`).pipe(HttpClientRequest.setHeaders(headers))
    const client = HttpClient.filterStatusOk(yield* HttpClient.HttpClient)
    return yield* Effect.flatMap(client.execute(request), HttpClientResponse.schemaBodyJson(Answer))
  }).pipe(Effect.scoped, Effect.timeout("10 seconds"), Effect.withSpan("checkResult"))

export const check = (merchantBizId, transactionId) =>
  attempt(`MerchantBizId=${encodeURIComponent(merchantBizId)}&TransactionId=${encodeURIComponent(transactionId)}`).pipe(
    Effect.retry({ times: 3, schedule: Schedule.exponential("200 millis") }),
    Effect.provide(FetchHttpClient.layer),
    Effect.runPromise
  )
