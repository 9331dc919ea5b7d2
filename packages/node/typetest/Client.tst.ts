/** The Promise facade: what those who don't use Effect get from the compiler. */
import type { CheckResult } from "@effect-cloudauth/core/CheckResult"
import type * as Document from "@effect-cloudauth/core/Document"
import { describe, expect, it } from "tstyche"
import * as Client from "../src/Client.ts"

const client = {} as Client.Client
const request = { merchantBizId: "order1", transactionId: "hksb0000" }

describe("the type of a result", () => {
  it("is the named document's", () => {
    expect(client.checkResult({ ...request, document: "GlobalPassport" })).type.toBe<
      Promise<CheckResult<Document.Expected<typeof Document.GlobalPassport>>>
    >()
    expect(client.awaitResult({ ...request, document: "PrcResidentIdentityCard" })).type.toBe<
      Promise<CheckResult<Document.Expected<typeof Document.PrcResidentIdentityCard>>>
    >()
  })

  it("without a name is inferred", () => {
    expect(client.checkResult(request)).type.toBe<Promise<CheckResult>>()
  })

  it("shows its fields and images only when they are revealed", () => {
    const result = {} as CheckResult<Document.Expected<typeof Document.GlobalPassport>>
    expect(Client.reveal(result.ocr)).type.toBe<Document.GlobalPassport | undefined>()
    expect(Client.reveal(result.ocr)?.passportNo).type.toBe<string | undefined>()
    expect(Client.reveal(result.images.front)).type.toBe<Uint8Array | undefined>()
    expect(Client.reveal(result.raw)).type.toBe<Readonly<Record<string, unknown>>>()
    expect(Client.reveal).type.not.toBeCallableWith("text")
  })
})

describe("errors", () => {
  const advise = (error: Client.CloudauthError): string => {
    switch (error._tag) {
      case "ProcessNotCompleted":
        return "ask later"
      case "Throttled":
        return `in ${error.retryAfter ?? 0} ms`
      default:
        return error.advice
    }
  }

  it("narrow by their tags and by their classes", () => {
    expect(advise).type.toBe<(error: Client.CloudauthError) => string>()
    expect<Client.ProcessNotCompleted>().type.toBeAssignableTo<Error>()
    const error = {} as unknown
    if (error instanceof Client.Throttled) expect(error.retryAfter).type.toBe<number | undefined>()
  })

  it("have a class here, each", () => {
    type Exported = InstanceType<
      Extract<(typeof Client)[keyof typeof Client], abstract new (...args: never) => { readonly attempts: number }>
    >
    expect<Exclude<Client.CloudauthError["_tag"], Exported["_tag"]>>().type.toBe<never>()
  })
})

describe("misuse does not compile", () => {
  it("of a request", () => {
    expect(client.checkResult).type.not.toBeCallableWith({ merchantBizId: "order1" })
    expect(client.checkResult).type.not.toBeCallableWith({ transactionId: "hksb0000" })
    expect(client.checkResult).type.not.toBeCallableWith({ ...request, document: "Passport" })
    expect(client.checkResult).type.not.toBeCallableWith({ ...request, isReturnImage: "Y" })
    expect(client.checkResult).type.toBeCallableWith(request, { timeout: 1000, retry: false })
    expect(client.checkResult).type.not.toBeCallableWith(request, { interval: 1000 })
    expect(client.checkResult).type.not.toBeCallableWith(request, { signal: new AbortController() })
    expect(client.awaitResult).type.toBeCallableWith(request, { timeout: 1000, signal: new AbortController().signal })
  })

  it("of options", () => {
    expect(Client.createClient).type.toBeCallableWith()
    expect(Client.createClient).type.toBeCallableWith({
      region: "ap-southeast-1",
      quota: 10,
      account: "kyc",
      retry: false
    })
    expect(Client.createClient).type.not.toBeCallableWith({ region: 1 })
    expect(Client.createClient).type.not.toBeCallableWith({ network: "intranet" })
    expect(Client.createClient).type.not.toBeCallableWith({ credentials: "profile" })
    expect(Client.createClient).type.not.toBeCallableWith({ credentials: { accessKeyId: "id" } })
    expect(Client.createClient).type.not.toBeCallableWith({ retry: true })
    expect(Client.createClient).type.not.toBeCallableWith({ transport: { tls: { rejectUnauthorized: false } } })
    expect(Client.createClient).type.not.toBeCallableWith({
      transport: { tls: { dangerouslyAcceptAnyCertificate: false } }
    })
  })

  it("of a result: what is hidden is no text", () => {
    const result = {} as CheckResult<Document.Expected<typeof Document.GlobalPassport>>
    expect(result.raw).type.not.toBeAssignableTo<string>()
    expect(result.ocr).type.not.toHaveProperty("passportNo")
    expect(result).type.not.toHaveProperty("passed")
  })
})
