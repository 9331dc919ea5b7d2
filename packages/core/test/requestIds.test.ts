/** A header that names another request than the body: the connection may be out of step. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Cloudauth } from "../src/Cloudauth.ts"
import { Credentials } from "../src/Credentials.ts"
import * as RetryPolicy from "../src/RetryPolicy.ts"
import * as Transport from "../src/Transport.ts"
import { key } from "./fixtures/server.ts"

const success = (requestId: string | undefined) =>
  JSON.stringify({ RequestId: requestId, Code: "Success", Result: { Passed: "N", SubCode: "212" } })

/** Asks once; the answer has this header and this body. */
const asking = (header: string | undefined, body: string, options?: Parameters<typeof Cloudauth.layerTransport>[0]) =>
  Cloudauth.checkResult({ merchantBizId: "order1", transactionId: "hksb1" }).pipe(
    Effect.provide(
      Cloudauth.layerTransport({ quota: "none", ...options }).pipe(
        Layer.provide([
          Credentials.layerStatic(key),
          RetryPolicy.layer(RetryPolicy.none),
          Layer.succeed(Transport.Transport, {
            send: () =>
              Effect.succeed({
                status: 200,
                headers: { "x-acs-request-id": header },
                body: [new TextEncoder().encode(body)],
                protocolVersion: "1.1"
              })
          })
        ])
      )
    )
  )

describe("a request id of the header that differs from the body's", () => {
  it.effect("is a warning", () =>
    Effect.gen(function* () {
      const { requestId, warnings } = yield* asking("A-1", success("A-2"))
      assert.strictEqual(requestId, "A-2")
      assert.deepStrictEqual(
        warnings.map(({ expected, path }) => [path, expected]),
        [["RequestId", "the id of the header x-acs-request-id"]]
      )
    })
  )

  it.effect("is an error if strictRequestId says so, for errors of the service, too", () =>
    Effect.gen(function* () {
      for (const body of [success("A-2"), '{"RequestId":"A-2","Code":"InvalidTransactionId"}']) {
        const error = yield* Effect.flip(asking("A-1", body, { strictRequestId: true }))
        assert(error._tag === "DecodeError")
        assert.deepInclude({ ...error }, { path: "RequestId", requestId: "A-2" })
      }
    })
  )

  it.effect.each([
    ["the same", "A-1", "A-1"],
    ["the same in another case", "a-1", "A-1"],
    ["no header", undefined, "A-1"],
    ["none in the body", "A-1", undefined]
  ])("is neither if there is %s", ([, header, body]) =>
    Effect.gen(function* () {
      assert.deepStrictEqual((yield* asking(header, success(body), { strictRequestId: true })).warnings, [])
    })
  )

  it.effect("is looked at as the option says, which is true or false", () =>
    Effect.gen(function* () {
      const options = { strictRequestId: "yes" } as never // as untyped callers can
      assert.include((yield* Effect.flip(asking("A-1", success("A-1"), options))).message, "strictRequestId must be")
    })
  )
})
