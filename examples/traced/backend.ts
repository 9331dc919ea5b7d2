/** A backend with one route: it runs the check of an order. */
import { createServer } from "node:http"
import * as Assessment from "@effect-cloudauth/core/Assessment"
import { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
import * as Decision from "@effect-cloudauth/core/Decision"
import * as DecisionPolicy from "@effect-cloudauth/core/DecisionPolicy"
import * as Document from "@effect-cloudauth/core/Document"
import { NodeHttpServer } from "@effect/platform-node"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Layer from "effect/Layer"

/** Order → transaction, as stored at Initialize. The transaction id never comes from the outside, nor stands in a URL. */
const transactions: Readonly<Record<string, string>> = { "4711": "hksb-throttled-twice-traced" }

const check = Effect.gen(function* () {
  const { order = "" } = yield* HttpRouter.params
  const transactionId = transactions[order]
  if (transactionId === undefined) return HttpServerResponse.empty({ status: 404 })
  const result = yield* Cloudauth.checkResult({
    merchantBizId: `order${order}`,
    transactionId,
    expect: { document: Document.HongKongIdentityCard, idSpoof: true }
  })
  const assessed = Assessment.assess(result, { now: yield* DateTime.now })
  const { _tag, userText } = Decision.of(DecisionPolicy.standard, assessed)
  return yield* HttpServerResponse.json({ accepted: _tag === "accept", text: userText.en })
}).pipe(Effect.catchTag("ProcessNotCompleted", () => Effect.succeed(HttpServerResponse.empty({ status: 202 }))))

/** The backend on a port of the loopback; 0 takes a free one. */
export const layer = (port: number) =>
  HttpRouter.serve(HttpRouter.add("POST", "/orders/:order/check", check), {
    disableLogger: true,
    disableListenLog: true
  }).pipe(Layer.provideMerge(NodeHttpServer.layer(createServer, { port, host: "127.0.0.1" })))
