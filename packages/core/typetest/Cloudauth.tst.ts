/** What the compiler promises to those who use the client. */
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import type * as Layer from "effect/Layer"
import type * as Redacted from "effect/Redacted"
import type * as Result from "effect/Result"
import * as Schedule from "effect/Schedule"
import { describe, expect, it } from "tstyche"
import * as Canned from "../src/Canned.ts"
import { CheckResult } from "../src/CheckResult.ts"
import { Cloudauth } from "../src/Cloudauth.ts"
import type { WaitTimedOut } from "../src/PendingResult.ts"
import type * as CloudauthError from "../src/CloudauthError.ts"
import { Credentials } from "../src/Credentials.ts"
import type { Credential } from "../src/Credentials.ts"
import * as DocType from "../src/DocType.ts"
import * as Document from "../src/Document.ts"
import { MerchantBizId } from "../src/MerchantBizId.ts"
import * as RetryPolicy from "../src/RetryPolicy.ts"
import { TransactionId } from "../src/TransactionId.ts"
import * as Transport from "../src/Transport.ts"

const request = { merchantBizId: "order1", transactionId: "hksb0000" }

describe("the type of a result", () => {
  it("is the expected document's", () => {
    expect(Cloudauth.checkResult({ ...request, document: Document.HongKongIdentityCard })).type.toBe<
      Effect.Effect<
        CheckResult<Document.NotRead | Document.Unreadable | Document.Read<Document.HongKongIdentityCard>>,
        CloudauthError.CloudauthError,
        Cloudauth
      >
    >()
    expect(Cloudauth.checkResult({ ...request, document: Document.ExitEntryPermitHongKongMacao })).type.toBe<
      Effect.Effect<
        CheckResult<Document.Expected<typeof Document.ExitEntryPermitHongKongMacao>>,
        CloudauthError.CloudauthError,
        Cloudauth
      >
    >()
    expect(Cloudauth.awaitResult({ ...request, document: Document.GlobalPassport })).type.toBe<
      Effect.Effect<
        CheckResult<Document.Expected<typeof Document.GlobalPassport>>,
        CloudauthError.CloudauthError | WaitTimedOut,
        Cloudauth
      >
    >()
  })

  it("has the fields of each document when it is revealed", () => {
    const passport = {} as CheckResult<Document.Expected<typeof Document.GlobalPassport>>
    expect(Document.reveal(passport.ocr)).type.toBe<Document.GlobalPassport | undefined>()
    expect(Document.reveal(passport.ocr)?.passportNo).type.toBe<string | undefined>()
    expect(Document.reveal(passport.ocrEdited)?.nationality).type.toBe<string | undefined>()
    const card = {} as CheckResult<Document.Expected<typeof Document.PrcResidentIdentityCard>>
    expect(Document.reveal(card.ocr)?.ethnicity).type.toBe<string | undefined>()
    const revealed = {} as NonNullable<ReturnType<typeof Document.reveal<Document.PrcResidentIdentityCard>>>
    expect(revealed).type.not.toHaveProperty("passportNo")
    expect(revealed).type.not.toHaveProperty("englishName")
  })

  it("without a kind is inferred", () => {
    expect(Cloudauth.checkResult(request)).type.toBe<
      Effect.Effect<CheckResult<Document.Inferred>, CloudauthError.CloudauthError, Cloudauth>
    >()
    expect<CheckResult["ocr"]>().type.toBe<
      Document.NotRead | Document.Unreadable | Document.Read | Document.Ambiguous
    >()
    expect(Document.reveal({} as Document.Inferred)).type.toBe<Document.Fields | undefined>()
  })

  it("of a kind that may be unknown is one of all readings", () => {
    const document = DocType.kindOf(DocType.GlobalPassport)
    expect(Cloudauth.checkResult({ ...request, document })).type.toBe<
      Effect.Effect<CheckResult<Document.Reading>, CloudauthError.CloudauthError, Cloudauth>
    >()
  })

  it("is no document's that the request does not name", () => {
    expect(Cloudauth.checkResult<typeof Document.GlobalPassport>).type.not.toBeCallableWith(request)
    expect<Document.Expected<undefined>>().type.toBe<Document.Inferred>()
    expect<Document.Inferred>().type.not.toBeAssignableTo<Document.Expected<typeof Document.GlobalPassport>>()
  })

  it("of a kind that is a parameter follows it", () => {
    const revealed = <K extends Document.Kind>(document: K) =>
      Effect.map(Cloudauth.checkResult({ ...request, document }), ({ ocr }) => Document.reveal(ocr))
    expect(revealed(Document.PrcResidentIdentityCard)).type.toBe<
      Effect.Effect<Document.PrcResidentIdentityCard | undefined, CloudauthError.CloudauthError, Cloudauth>
    >()
  })

  it("of a stored response follows the kind", () => {
    expect(CheckResult.fromBody("", { document: Document.GlobalPassport })).type.toBeAssignableTo<
      Result.Result<CheckResult<Document.Expected<typeof Document.GlobalPassport>>, CloudauthError.CloudauthError>
    >()
  })

  it("of an interpreted reading is the kind's", () => {
    expect(Document.interpret({} as Document.Inferred, Document.MainlandTravelPermitTaiwan)).type.toBe<
      Document.NotRead | Document.Unreadable | Document.Read<Document.MainlandTravelPermitTaiwan>
    >()
  })
})

describe("what is hidden", () => {
  it("is no text", () => {
    const credential = {} as Credential
    expect(credential.accessKeyId).type.not.toBeAssignableTo<string>()
    expect(credential.accessKeySecret).type.not.toBeAssignableTo<string>()
    expect(credential.securityToken).type.not.toBeAssignableTo<string | undefined>()
  })

  it("is no field, no image and no raw text", () => {
    const result = {} as CheckResult<Document.Expected<typeof Document.GlobalPassport>>
    expect(result.raw).type.toBe<Redacted.Redacted<Readonly<Record<string, unknown>>>>()
    const image = {} as NonNullable<typeof result.images.front>
    expect(image.bytes).type.toBe<Redacted.Redacted<Uint8Array>>()
    expect(image.bytes).type.not.toBeAssignableTo<Uint8Array>()
    const read = {} as Document.Read<Document.GlobalPassport>
    expect(read).type.not.toHaveProperty("passportNo")
    expect(read.fields).type.not.toHaveProperty("passportNo")
    expect(read.fields).type.not.toBeAssignableTo<Document.GlobalPassport>()
  })

  it("is no message of the server", () => {
    expect<CloudauthError.InvalidParameter["serverMessage"]>().type.not.toBeAssignableTo<string>()
    expect<CloudauthError.UnknownResponseCode["body"]>().type.not.toBeAssignableTo<string>()
    expect<CloudauthError.DecodeError["body"]>().type.not.toBeAssignableTo<string>()
  })
})

describe("errors", () => {
  const check = Cloudauth.checkResult(request)
  const give = () => Effect.succeed("handled")
  const handlers = {
    TransactionAbandoned: give,
    TransactionExpired: give,
    MissingParameter: give,
    InvalidParameter: give,
    TransactionIdInvalid: give,
    RamUserAccessDenied: give,
    AccountAccessDenied: give,
    Throttled: give,
    ProcessNotCompleted: give,
    ServiceFailed: give,
    SignatureRejected: give,
    InvalidAccessKey: give,
    SecurityTokenExpired: give,
    ClockSkewed: give,
    ServiceDown: give,
    UnknownResponseCode: give,
    TransportError: give,
    ProxyRefused: give,
    CallTimeout: give,
    DecodeError: give,
    CredentialsError: give
  }

  it("are all caught by their tags", () => {
    const handled = Effect.catchTags(check, { ...handlers, InvalidRequest: give })
    expect(handled).type.toBe<Effect.Effect<string | CheckResult, never, Cloudauth>>()
  })

  it("stay if one is not caught", () => {
    expect(Effect.catchTags(check, handlers)).type.toBe<
      Effect.Effect<string | CheckResult, CloudauthError.InvalidRequest, Cloudauth>
    >()
  })

  it("have no tag that is not the project's", () => {
    expect<CloudauthError.CloudauthError["_tag"]>().type.toBe<keyof typeof handlers | "InvalidRequest">()
  })

  it("carry what they promise", () => {
    expect<CloudauthError.Throttled["retryAfter"]>().type.toBe<number | undefined>()
    expect<CloudauthError.ClockSkewed["skew"]>().type.toBe<number | undefined>()
    expect<CloudauthError.CallTimeout["limit"]>().type.toBe<"attempt" | "deadline">()
    expect<CloudauthError.CloudauthError["advice"]>().type.toBe<string>()
    expect<CloudauthError.CloudauthError["attempts"]>().type.toBe<number>()
    expect<CloudauthError.CloudauthError["httpStatus"]>().type.toBe<number | undefined>()
    expect<CloudauthError.CloudauthError["requestId"]>().type.toBe<string | undefined>()
  })
})

describe("layers", () => {
  it("of the client need a way to send and Credentials, and nothing else", () => {
    expect(Cloudauth.layer()).type.toBe<
      Layer.Layer<Cloudauth, CloudauthError.InvalidRequest, HttpClient.HttpClient | Credentials>
    >()
    expect(Cloudauth.layerTransport()).type.toBe<
      Layer.Layer<Cloudauth, CloudauthError.InvalidRequest, Transport.Transport | Credentials>
    >()
    expect(Cloudauth.layerConfig()).type.toBe<
      Layer.Layer<Cloudauth, CloudauthError.InvalidRequest | Config.ConfigError, HttpClient.HttpClient | Credentials>
    >()
  })

  it("from a configuration take each option as a Config, or all of them", () => {
    expect(Cloudauth.layerConfig).type.toBeCallableWith({ region: Config.String("REGION") })
    expect(Cloudauth.layerConfig).type.toBeCallableWith(Config.all({ url: Config.String("URL") }))
    expect(Cloudauth.layerConfig).type.not.toBeCallableWith({ region: "cn-hongkong" })
    expect(Credentials.layerConfig).type.toBeCallableWith({
      accessKeyId: Config.String("ID"),
      accessKeySecret: Config.Redacted("SECRET")
    })
    expect(Credentials.layerConfig).type.not.toBeCallableWith({ accessKeyId: Config.String("ID") })
  })

  it("of a transport are wrapped to the same type, in both forms", () => {
    const http = {} as Layer.Layer<Transport.Transport, Transport.TransportUnavailable, HttpClient.HttpClient>
    const same = (send: Transport.Send): Transport.Send => send
    expect(Transport.map(http, same)).type.toBe<typeof http>()
    expect(http.pipe(Transport.map(same))).type.toBe<typeof http>()
    expect(http.pipe(Transport.map((send) => (request) => Effect.tap(send(request), Effect.void)))).type.toBe<
      typeof http
    >()
    expect(Transport.map).type.not.toBeCallableWith(http, () => () => Effect.fail("a failure of another type"))
  })

  it("for tests need nothing", () => {
    expect(Cloudauth.layerTest(() => Canned.passed())).type.toBe<Layer.Layer<Cloudauth>>()
  })

  it("of credentials need what their source needs", () => {
    expect(Credentials.layerStatic({ accessKeyId: "id", accessKeySecret: "secret" })).type.toBe<
      Layer.Layer<Credentials>
    >()
    expect(Credentials.layerConfig()).type.toBe<Layer.Layer<Credentials, CloudauthError.CredentialsError>>()
    const load = {} as Effect.Effect<{ accessKeyId: string; accessKeySecret: string }, Error, HttpClient.HttpClient>
    expect(Credentials.layerRefreshing({ load })).type.toBe<Layer.Layer<Credentials, never, HttpClient.HttpClient>>()
  })
})

describe("misuse does not compile", () => {
  it("of a request", () => {
    expect(Cloudauth.checkResult).type.not.toBeCallableWith({ merchantBizId: "order1" })
    expect(Cloudauth.checkResult).type.not.toBeCallableWith({ transactionId: "t1" })
    expect(Cloudauth.checkResult).type.not.toBeCallableWith({ ...request, isReturnImage: "Y" })
    expect(Cloudauth.checkResult).type.not.toBeCallableWith({ ...request, merchantBizId: 1 })
    expect(Cloudauth.checkResult).type.not.toBeCallableWith({ ...request, isReturnImages: true })
  })

  it("of a document", () => {
    expect(Cloudauth.checkResult).type.not.toBeCallableWith({ ...request, document: "GlobalPassport" })
    expect(Cloudauth.checkResult).type.not.toBeCallableWith({ ...request, document: Date })
    expect(Cloudauth.checkResult).type.not.toBeCallableWith({ ...request, document: Document })
    expect(Cloudauth.checkResult).type.toBeCallableWith({ ...request, document: Document.GlobalPassport })
    expect(Cloudauth.checkResult).type.toBeCallableWith({ ...request, document: undefined })
    expect(Document.interpret).type.not.toBeCallableWith({} as Document.Reading, "GlobalPassport")
  })

  it("of options", () => {
    expect(Cloudauth.layer).type.not.toBeCallableWith({ network: "intranet" })
    expect(Cloudauth.layer).type.not.toBeCallableWith({ maxBodyBytes: "16 MiB" })
    expect(Cloudauth.layer).type.toBeCallableWith({ region: "ap-southeast-1", network: "vpc" })
    expect(Cloudauth.layer).type.toBeCallableWith({ region: "eu-central-1" })
    expect(Cloudauth.checkResult).type.toBeCallableWith(request, { retry: { deadline: "1 minute" } })
    expect(Cloudauth.checkResult).type.not.toBeCallableWith(request, { retry: { deadlin: "1 minute" } })
    expect(Cloudauth.checkResult).type.not.toBeCallableWith(request, { polling: Schedule.recurs(1) })
    expect(Cloudauth.awaitResult).type.toBeCallableWith(request, { polling: Schedule.recurs(1) })
    expect(RetryPolicy.layer).type.not.toBeCallableWith({ transient: Schedule.recurs(1) })
  })

  it("of a canned response", () => {
    expect(Cloudauth.layerTest).type.not.toBeCallableWith(() => "a body")
    expect(Canned.passed).type.not.toBeCallableWith("GlobalPassport")
    expect(Canned.passed).type.not.toBeCallableWith(Document.GlobalPassport, { field: {} })
  })
})

describe("ids", () => {
  const merchantBizId = MerchantBizId.make("order1")
  const transactionId = TransactionId.make("hksb0000")

  it("are brands, or plain text", () => {
    expect(Cloudauth.checkResult).type.toBeCallableWith({ merchantBizId, transactionId })
    expect(Cloudauth.checkResult).type.toBeCallableWith({ merchantBizId: "order1", transactionId: "hksb0000" })
  })

  it("do not stand in for each other", () => {
    expect(Cloudauth.checkResult).type.not.toBeCallableWith({ merchantBizId: transactionId, transactionId })
    expect(Cloudauth.checkResult).type.not.toBeCallableWith({ merchantBizId, transactionId: merchantBizId })
  })
})
