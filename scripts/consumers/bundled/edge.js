// An edge function: no module of Node's, the runtime's own fetch and Web Crypto.
import { Cloudauth, Credentials, Document } from "@effect-cloudauth/core"
import { Effect, Layer } from "effect"
import { FetchHttpClient } from "effect/http"

export const check = ({ url, accessKeyId, accessKeySecret }) =>
  Cloudauth.checkResult({
    merchantBizId: "order1",
    transactionId: "hksb-passed-global-passport",
    document: Document.GlobalPassport
  }).pipe(
    Effect.map((result) => `${result.verdict._tag} ${Document.reveal(result.ocr)?.nationality}`),
    Effect.provide(
      Cloudauth.layer({ url }).pipe(
        Layer.provide([Credentials.layerStatic({ accessKeyId, accessKeySecret }), FetchHttpClient.layer])
      )
    ),
    Effect.runPromise
  )
