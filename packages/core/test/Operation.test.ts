import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { Cloudauth } from "../src/Cloudauth.ts"
import * as Operation from "../src/Operation.ts"
import * as RetryPolicy from "../src/RetryPolicy.ts"
import * as Wire from "../src/Wire.ts"
import { failure, requestId, successWith } from "./fixtures/answers.ts"
import { failureOf, reply, run, serve } from "./fixtures/server.ts"

const Request = Schema.Struct({
  transactionId: Schema.String,
  page: Schema.optionalKey(Schema.NumberFromString)
}).pipe(Schema.encodeKeys({ transactionId: "TransactionId", page: "Page" }))

const operationOf = (retry: "repeatable" | "once") =>
  Operation.make({
    action: "DescribeLog",
    version: "2023-01-01",
    request: Request,
    result: Schema.Struct({ Log: Schema.Array(Schema.String) }),
    retry
  })

const DescribeLog = operationOf("repeatable")
const answer = successWith({ Log: ["a", "b"] })

describe("an operation of one's own", () => {
  it.effect("is sent signed, its parameters by its schema, and its result decoded", () =>
    Effect.gen(function* () {
      const server = serve(reply(200, answer))
      const exit = yield* run(server, Cloudauth.call(DescribeLog, { transactionId: "t 1", page: 2 }))
      assert.deepStrictEqual(yield* exit, { Log: ["a", "b"] })
      const [sent] = server.sent
      assert.deepInclude(sent?.headers, { "x-acs-action": "DescribeLog", "x-acs-version": "2023-01-01" })
      assert.match(sent?.headers["authorization"] ?? "", /^ACS3-HMAC-SHA256 Credential=/)
      assert.deepStrictEqual(Object.fromEntries(sent?.url.searchParams ?? []), { TransactionId: "t 1", Page: "2" })
    })
  )

  it.effect("fails with the errors of its codes, and is retried as it says", () =>
    Effect.gen(function* () {
      const lost = reply(500, failure("InternalError"))
      const repeated = serve(lost, reply(200, answer))
      yield* yield* run(repeated, Cloudauth.call(DescribeLog, { transactionId: "t1" }))
      assert.lengthOf(repeated.sent, 2)
      const once = serve(lost, reply(200, answer))
      const exit = yield* run(once, Cloudauth.call(operationOf("once"), { transactionId: "t1" }))
      assert.deepInclude(failureOf(exit), { _tag: "ServiceFailed", attempts: 1, requestId })
    })
  )

  it.effect.each<[string, unknown, string]>([
    ["a wrong value", { transactionId: 1 }, "transactionId"],
    ["a missing one", {}, "transactionId"],
    ["an unknown key", { transactionId: "t1", pgae: 1 }, "pgae"],
    ["no object", "t1", "request"]
  ])("refuses %s before anything is sent", ([, request, path]) =>
    Effect.gen(function* () {
      const server = serve(reply(200, answer))
      // As callers without types can ask.
      const exit = yield* run(server, Cloudauth.call(DescribeLog, request as { readonly transactionId: string }))
      assert.deepInclude(failureOf(exit), { _tag: "InvalidRequest", path })
      assert.deepStrictEqual(server.sent, [])
    })
  )

  it.effect.each<[unknown, string]>([
    [undefined, "Result"],
    [{ Log: "canary" }, "Result.Log"],
    [{ Log: ["a", 1] }, "Result.Log.1"],
    ["canary", "Result"]
  ])("whose result is %j fails at %s, without its text", ([result, path]) =>
    Effect.gen(function* () {
      const exit = yield* run(
        serve(reply(200, successWith(result))),
        Cloudauth.call(DescribeLog, { transactionId: "t" })
      )
      const error = failureOf(exit)
      assert.deepInclude(error, { _tag: "DecodeError", path, requestId })
      assert.notInclude(`${error.message} ${JSON.stringify(error)}`, "canary")
    })
  )

  it.effect("reads a long text that looks like an image whole", () =>
    Effect.gen(function* () {
      const idImage = "A".repeat(8192)
      const Whole = Operation.make({ ...DescribeLog, result: Wire.object({ idImage: Wire.Text }) })
      const exit = yield* run(
        serve(reply(200, successWith({ idImage }))),
        Cloudauth.call(Whole, { transactionId: "t" })
      )
      assert.strictEqual((yield* exit).fields.idImage, idImage)
    })
  )

  it("refuses a key that it does not have", () => {
    assert.throws(() => Operation.make(Object.assign({}, DescribeLog, { retires: 1 })), /Did you mean retry\?/)
  })

  it.effect("takes the call's own schedules", () =>
    Effect.gen(function* () {
      const server = serve(reply(500, failure("InternalError")))
      yield* run(server, Cloudauth.call(DescribeLog, { transactionId: "t1" }, { retry: RetryPolicy.none }))
      assert.lengthOf(server.sent, 1)
    })
  )
})
