/** Results as the success of an HTTP API, an RPC and a workflow: the View holds no person, the rest needs `PersonalData`. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServer from "effect/http/HttpServer"
import * as HttpApi from "effect/http-api/HttpApi"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import * as HttpApiClient from "effect/http-api/HttpApiClient"
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as OpenApi from "effect/http-api/OpenApi"
import * as Layer from "effect/Layer"
import * as Rpc from "effect/rpc/Rpc"
import * as RpcClient from "effect/rpc/RpcClient"
import * as RpcGroup from "effect/rpc/RpcGroup"
import * as RpcSerialization from "effect/rpc/RpcSerialization"
import * as RpcServer from "effect/rpc/RpcServer"
import * as Schema from "effect/Schema"
import * as Activity from "effect/workflow/Activity"
import * as Workflow from "effect/workflow/Workflow"
import * as WorkflowEngine from "effect/workflow/WorkflowEngine"
import { CheckResult } from "../src/CheckResult.ts"
import * as Document from "../src/Document.ts"
import * as PersonalData from "../src/PersonalData.ts"
import { base64, photograph, success } from "./fixtures/answers.ts"
import { resultOf } from "./fixtures/results.ts"
import { reveal } from "./fixtures/reveal.ts"

const canary = "CANARY"
const Passport = CheckResult.of(Document.GlobalPassport)

/** A result with a person's data, and a canary in every place that can hold some. */
const passportFields = Object.fromEntries(
  Document.fieldsOf("GlobalPassport").map((field) => [field, `${canary}${field}`])
)
const result = {
  ...resultOf(
    success({
      ocrIdPassed: "Y",
      ocrIdInfo: { ...passportFields, birthDate: "1974-08-12", more: canary, [canary]: canary },
      ocrIdEditInfo: { ...passportFields, surname: `${canary}edited`, [`${canary}key`]: canary },
      ocrIdBackInfo: canary,
      spoofInfo: { spoofResult: [canary], spoofType: { canary } },
      idImage: base64(photograph(3000)),
      idBackImage: canary,
      [canary]: canary
    }),
    { document: Document.GlobalPassport }
  ),
  transactionId: "t1",
  merchantBizId: "order1"
}

class Api extends HttpApi.make("backend").add(
  HttpApiGroup.make("kyc").add(
    HttpApiEndpoint.get("view", "/view", { success: CheckResult.View }),
    HttpApiEndpoint.get("review", "/review", { success: Passport })
  )
) {}

class Rpcs extends RpcGroup.make(
  Rpc.make("view", { success: CheckResult.View }),
  Rpc.make("review", { success: Passport })
) {}

const Verify = Workflow.make("Verify", {
  payload: { id: Schema.String },
  success: Passport,
  idempotencyKey: ({ id }) => id
})

const answers = { view: () => Effect.succeed(CheckResult.view(result)), review: () => Effect.succeed(result) }

/** The application, every body that it sends, and every use of personal data. */
const serve = Effect.gen(function* () {
  const events: Array<PersonalData.AuditEvent> = []
  const review = PersonalData.PersonalData.layer({
    actor: "reviewer7",
    purpose: "manual review",
    audit: (event) => Effect.sync(() => void events.push(event))
  })
  const app = Layer.mergeAll(
    HttpApiBuilder.layer(Api).pipe(
      Layer.provide(
        HttpApiBuilder.group(Api, "kyc", (handlers) =>
          handlers.handle("view", answers.view).handle("review", answers.review)
        )
      )
    ),
    RpcServer.layerHttp({ group: Rpcs, path: "/rpc", protocol: "http" }).pipe(
      Layer.provide([Rpcs.toLayer(answers), RpcSerialization.layerJson])
    )
  ).pipe(HttpRouter.provideRequest(review), Layer.provide([HttpServer.layerServices, review]))
  const { handler } = yield* Effect.acquireRelease(
    Effect.sync(() => HttpRouter.toWebHandler(app, { disableLogger: true })),
    ({ dispose }) => Effect.promise(dispose)
  )
  const sent: Array<string> = []
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const response = await handler(new Request(input, init))
    sent.push(await response.clone().text())
    return response
  }
  const client = FetchHttpClient.layer.pipe(Layer.provide(Layer.succeed(FetchHttpClient.Fetch, fetch)))
  return { client, events, review, sent }
})

const used = { transactionId: "t1", actor: "reviewer7", purpose: "manual review" }

describe("a result", () => {
  it.effect("is an HTTP API's answer: as View without a person, whole with an audit event", () =>
    Effect.gen(function* () {
      const { client, events, sent } = yield* serve
      const api = yield* HttpApiClient.make(Api, { baseUrl: "http://localhost" }).pipe(Effect.provide(client))
      assert.deepStrictEqual(yield* api.kyc.view(), CheckResult.view(result))
      assert.notMatch(sent.join(), new RegExp(canary, "i"))
      assert.deepStrictEqual(events, [])
      assert.deepStrictEqual(reveal(yield* api.kyc.review()), reveal(result))
      assert.containSubset(events, [used])
    }).pipe(Effect.scoped)
  )

  it.effect("is an RPC's answer over HTTP: as View without a person, whole with an audit event", () =>
    Effect.gen(function* () {
      const { client, events, review, sent } = yield* serve
      const protocol = RpcClient.layerProtocolHttp({ url: "http://localhost/rpc" }).pipe(
        Layer.provide([client, RpcSerialization.layerJson])
      )
      const rpc = yield* RpcClient.make(Rpcs).pipe(Effect.provide(yield* Layer.build(Layer.merge(protocol, review))))
      assert.deepStrictEqual(yield* rpc.view(), CheckResult.view(result))
      assert.notMatch(sent.join(), new RegExp(canary, "i"))
      assert.deepStrictEqual(events, [])
      assert.deepStrictEqual(reveal(yield* rpc.review()), reveal(result))
      assert.containSubset(events, [used])
    }).pipe(Effect.scoped)
  )

  it.effect("is what a workflow and its activity end with", () =>
    Effect.gen(function* () {
      const { review } = yield* serve
      const layer = Verify.toLayer(() =>
        Activity.make({ name: "check", success: Passport, execute: Effect.succeed(result) })
      ).pipe(Layer.provideMerge(WorkflowEngine.layerMemory), Layer.provideMerge(review))
      const ended = yield* Verify.execute({ id: "1" }).pipe(Effect.provide(layer))
      assert.deepStrictEqual(reveal(ended), reveal(result))
    }).pipe(Effect.scoped)
  )

  it.effect("is text by toCodecJson, with an audit event", () =>
    Effect.gen(function* () {
      const { events, review } = yield* serve
      const codec = Schema.fromJsonString(Schema.toCodecJson(Passport))
      const text = yield* Effect.provide(Schema.encodeEffect(codec)(result), review)
      assert.deepStrictEqual(reveal(yield* Schema.decodeEffect(codec)(text)), reveal(result))
      assert.containSubset(events, [used])
    }).pipe(Effect.scoped)
  )

  it("is described in OpenAPI with the vendor's words", () => {
    const { components } = OpenApi.fromApi(Api)
    const view = components.schemas["CheckResultView"]
    assert.containSubset(view, {
      title: "Check result without personal data",
      properties: {
        document: { description: "The kind of the document; Undecided if its fields fit several." },
        images: { properties: {} }
      }
    })
    const text = JSON.stringify(OpenApi.fromApi(Api))
    for (const words of [
      "The final authentication result",
      "The final result of the ID document OCR phase",
      "Surname (in Latin script, based on MRZ recognition)",
      "Passport number",
      "Whether the anti-spoofing check was asked for (IdSpoof)."
    ]) {
      assert.include(text, words)
    }
  })
})
