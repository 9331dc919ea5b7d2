/** A person's data does not leave without `PersonalData`: the program does not compile. */
import * as Effect from "effect/Effect"
import type * as HttpRouter from "effect/http/HttpRouter"
import * as HttpApi from "effect/http-api/HttpApi"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import type * as Layer from "effect/Layer"
import * as Rpc from "effect/rpc/Rpc"
import * as RpcGroup from "effect/rpc/RpcGroup"
import * as RpcServer from "effect/rpc/RpcServer"
import * as Schema from "effect/Schema"
import * as Workflow from "effect/workflow/Workflow"
import { describe, expect, it } from "tstyche"
import { CheckResult } from "../src/CheckResult.ts"
import * as Document from "../src/Document.ts"
import type { PersonalData } from "../src/PersonalData.ts"

/** An API whose one answer is of a schema. */
const apiOf = <S extends Schema.Top>(success: S) =>
  HttpApi.make("backend").add(HttpApiGroup.make("kyc").add(HttpApiEndpoint.get("result", "/result", { success })))

const result = {} as CheckResult

describe("a result", () => {
  it("is encoded by PersonalData alone, and decoded by nothing", () => {
    expect(Schema.encodeEffect(CheckResult)(result)).type.toBe<
      Effect.Effect<CheckResult.Encoded, Schema.SchemaError, PersonalData>
    >()
    expect(Schema.encodeSync).type.not.toBeCallableWith(CheckResult)
    expect(Schema.encodeSync).type.not.toBeCallableWith(CheckResult.of(Document.GlobalPassport))
    expect(Schema.encodeSync).type.not.toBeCallableWith(CheckResult.Wire)
    expect(Schema.encodeSync).type.toBeCallableWith(CheckResult.View)
    expect(Schema.decodeSync).type.toBeCallableWith(CheckResult)
  })

  it("keeps that through toCodecJson and inside other schemas", () => {
    type Needs<S extends { readonly EncodingServices: unknown }> = S["EncodingServices"]
    const json = Schema.toCodecJson(CheckResult)
    const order = Schema.Struct({ id: Schema.String, results: Schema.Array(CheckResult) })
    const exit = Schema.Exit(CheckResult, Schema.Never, Schema.Unknown)
    expect<Needs<typeof json>>().type.toBe<PersonalData>()
    expect<Needs<typeof order>>().type.toBe<PersonalData>()
    expect<Needs<typeof exit>>().type.toBe<PersonalData>()
    expect<Needs<typeof CheckResult.View>>().type.toBe<never>()
  })

  it("of a kind has that kind's type", () => {
    expect<Schema.Schema.Type<ReturnType<typeof CheckResult.of<typeof Document.GlobalPassport>>>>().type.toBe<
      CheckResult<Document.Expected<typeof Document.GlobalPassport>>
    >()
  })
})

describe("an HTTP API's success", () => {
  const handle = (api: ReturnType<typeof apiOf<typeof CheckResult>>) =>
    HttpApiBuilder.group(api, "kyc", (handlers) => handlers.handle("result", () => Effect.succeed(result)))

  it("that is a whole result needs PersonalData for each request", () => {
    expect(handle(apiOf(CheckResult))).type.not.toBeAssignableTo<Layer.Layer<never>>()
    expect<Layer.Services<ReturnType<typeof handle>>>().type.toBeAssignableFrom<
      HttpRouter.Request<"Requires", PersonalData>
    >()
  })

  it("that is a View needs nothing", () => {
    const layer = HttpApiBuilder.group(apiOf(CheckResult.View), "kyc", (handlers) =>
      handlers.handle("result", () => Effect.succeed(CheckResult.view(result)))
    )
    expect(layer).type.toBeAssignableTo<Layer.Layer<never>>()
  })
})

describe("an RPC's success, and a workflow's", () => {
  it("that is a whole result needs PersonalData", () => {
    const rpcs = RpcGroup.make(Rpc.make("result", { success: CheckResult }))
    const server = RpcServer.layer(rpcs)
    expect<Layer.Services<typeof server>>().type.toBeAssignableFrom<PersonalData>()
    const views = RpcServer.layer(RpcGroup.make(Rpc.make("view", { success: CheckResult.View })))
    expect<Layer.Services<typeof views>>().type.not.toBeAssignableFrom<PersonalData>()
  })

  it("that is a whole result needs PersonalData in a workflow", () => {
    const verify = Workflow.make("Verify", {
      payload: { id: Schema.String },
      success: CheckResult,
      idempotencyKey: ({ id }) => id
    })
    const layer = verify.toLayer(() => Effect.succeed(result))
    expect<Layer.Services<typeof layer>>().type.toBeAssignableFrom<PersonalData>()
  })
})
