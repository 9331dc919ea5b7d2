/**
 * The core on whatever runtime runs this: the vendor's worked example, an answer decoded, and a call over fetch to the
 * service at ENDPOINT. Prints one line of JSON.
 */
import { CheckResult } from "@effect-cloudauth/core/CheckResult"
import { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
import * as Credentials from "@effect-cloudauth/core/Credentials"
import * as Document from "@effect-cloudauth/core/Document"
import * as Signature from "@effect-cloudauth/core/Signature"
import { portable } from "@effect-cloudauth/core/SignatureCrypto"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"

const environment = (globalThis as unknown as { process: { env: Record<string, string> } }).process.env // all four have it

const signed = Signature.sign(portable, {
  method: "POST",
  path: "/",
  host: "ecs.cn-shanghai.aliyuncs.com",
  action: "RunInstances",
  version: "2014-05-26",
  query: [
    ["ImageId", "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd"],
    ["RegionId", "cn-shanghai"]
  ],
  credential: Credentials.make({ accessKeyId: "YourAccessKeyId", accessKeySecret: "YourAccessKeySecret" }),
  now: Date.parse("2023-10-26T10:22:32Z"),
  nonce: "3156853299f313e23d1673dc12e1703d"
})

const image = btoa(String.fromCharCode(0xff, 0xd8, 0xff, ...Array.from({ length: 5000 }, (_, index) => index % 256)))
const body = JSON.stringify({
  RequestId: "R-1",
  Code: "Success",
  Result: {
    Passed: "Y",
    SubCode: "200",
    ExtIdInfo: JSON.stringify({ ocrIdInfo: JSON.stringify({ passportNo: "P1" }), idImage: image })
  }
})
const decoded = Result.getOrThrow(CheckResult.fromBody(body, { document: Document.GlobalPassport }))

const live = Cloudauth.layer({ url: environment["ENDPOINT"] }).pipe(
  Layer.provide([Credentials.Credentials.layerConfig(), FetchHttpClient.layer])
)
const called = await Effect.runPromise(
  Cloudauth.checkResult({ merchantBizId: "order1", transactionId: "hksb1", isReturnImage: true }).pipe(
    Effect.provide(live)
  )
)

// oxlint-disable-next-line no-console -- the line that the test reads
console.log(
  JSON.stringify({
    signature: signed.headers["authorization"]?.split("Signature=")[1],
    decoded: decoded.verdict._tag,
    passportNo: Document.reveal(decoded.ocr)?.passportNo,
    image: decoded.images.front && Redacted.value(decoded.images.front.bytes).byteLength,
    mediaType: decoded.images.front?.mediaType,
    called: called.verdict._tag,
    calledImage: called.images.front !== undefined
  })
)
