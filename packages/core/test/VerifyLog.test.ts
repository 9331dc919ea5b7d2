import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as Canned from "../src/Canned.ts"
import { Cloudauth } from "../src/Cloudauth.ts"
import * as VerifyLog from "../src/VerifyLog.ts"
import { failure, requestId, successWith } from "./fixtures/answers.ts"
import { failureOf, reply, run, serve } from "./fixtures/server.ts"

const request = { merchantBizId: "order1", transactionId: "hksb0000" }

const interrupted = {
  VerifyStatus: "1",
  VerifyErrorCode: "1016",
  InterruptPage: "OCR拍摄证件页面",
  InterruptPageEn: "OCR_SCAN",
  Passed: "N",
  SubCode: "211",
  LogInfo: ["canary line"],
  LogStatisticsInfo: JSON.stringify({
    hasOcrPermissionRefuse: true,
    ocrEditTimes: 1,
    ocrOverTimes: 2,
    pageStayTimeInfo: { LOADING: "1615", OCR_SCAN: 37446, "canary name": "1", FACE: "canary" }
  }),
  ExtInfo: "canary"
}

describe("VerifyLog.check", () => {
  it.effect("tells where and why a user stopped", () =>
    Effect.gen(function* () {
      const server = serve(reply(200, successWith(interrupted)))
      const log = yield* yield* run(server, VerifyLog.check(request))
      const { log: lines, raw, ...facts } = log
      assert.deepStrictEqual(facts, {
        requestId,
        status: "Interrupted",
        errorCode: "1016",
        page: "OCR_SCAN",
        passed: false,
        subCode: "211",
        pageMillis: { LOADING: 1615, OCR_SCAN: 37446 },
        cameraRefused: true,
        edits: 1,
        captureLimits: 2
      })
      assert.include(VerifyLog.reasonOf(log)?.meaning, "camera")
      assert.deepStrictEqual(lines && Redacted.value(lines), ["canary line"])
      assert.deepInclude(raw && Redacted.value(raw), { RequestId: requestId })
      assert.deepStrictEqual(Object.fromEntries(server.sent[0]?.url.searchParams ?? []), {
        MerchantBizId: "order1",
        TransactionId: "hksb0000"
      })
    })
  )

  it.effect("keeps what is not documented out of prints and encodings", () =>
    Effect.gen(function* () {
      const wrong = { ...interrupted, VerifyErrorCode: "canary 1", InterruptPageEn: "canary page", SubCode: "a canary" }
      const log = yield* yield* run(serve(reply(200, successWith(wrong))), VerifyLog.check(request))
      const encoded = Schema.encodeSync(VerifyLog.VerifyLog)(log)
      assert.notInclude(`${JSON.stringify(encoded)} ${JSON.stringify(log)} ${String(log)}`, "canary")
    })
  )

  it.effect.each<[unknown, VerifyLog.Status]>([
    [{ VerifyStatus: 0 }, "Finished"],
    [{ VerifyStatus: "notstart" }, "NotStarted"],
    [{ VerifyStatus: "7" }, "NotReported"],
    [{}, "NotReported"]
  ])("reads %j as %s", ([result, status]) =>
    Effect.gen(function* () {
      const log = yield* yield* run(serve(reply(200, successWith(result))), VerifyLog.check(request))
      assert.strictEqual(log.status, status)
    })
  )

  it.effect("fails if there is no result, and retries a failed service", () =>
    Effect.gen(function* () {
      const server = serve(reply(500, failure("InternalError")), reply(200, successWith("canary")))
      const error = failureOf(yield* run(server, VerifyLog.check(request)))
      assert.deepInclude(error, { _tag: "DecodeError", path: "Result", requestId })
      assert.lengthOf(server.sent, 2)
    })
  )

  it.effect("is canned in a test", () =>
    Effect.gen(function* () {
      const log = yield* VerifyLog.check(request)
      assert.deepInclude(log, { status: "NotStarted", errorCode: "1007", page: "OCR_SCAN" })
    }).pipe(
      Effect.provide(
        Cloudauth.layerTest(
          () => Canned.passed(),
          undefined,
          () => Canned.verifyLog({ verifyStatus: "2", verifyErrorCode: "1007" })
        )
      )
    )
  )

  it.effect("is canned by default", () =>
    Effect.gen(function* () {
      assert.strictEqual((yield* VerifyLog.check(request)).status, "Interrupted")
    }).pipe(Effect.provide(Cloudauth.layerTest(() => Canned.passed())))
  )
})
