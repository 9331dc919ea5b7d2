import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Canned from "../src/Canned.ts"
import { Cloudauth } from "../src/Cloudauth.ts"
import { Credentials } from "../src/Credentials.ts"
import * as Document from "../src/Document.ts"
import type * as Endpoint from "../src/Endpoint.ts"
import { success } from "./fixtures/answers.ts"
import { failureOf, reply, run, serve } from "./fixtures/server.ts"

const services: ReadonlyArray<Endpoint.Options> = [
  {},
  { region: "ap-southeast-1", network: "vpc" },
  { url: "https://cloudauth-intl.cn-hongkong.aliyuncs.com" },
  { url: "https://CLOUDAUTH-INTL.cn-hongkong.aliyuncs.com.:443" }
]
const elsewhere: ReadonlyArray<Endpoint.Options> = [
  { url: "http://127.0.0.1:8787" },
  { url: "https://emulator.internal.example" },
  { url: "https://notaliyuncs.com" }
]

const emulatorKey = Credentials.layerStatic({ accessKeyId: "emulator-KEYCANARY", accessKeySecret: "SECRETCANARY" })
const check = (transactionId: string) => Cloudauth.checkResult({ merchantBizId: "order1", transactionId })

describe("a client of the service's own hosts", () => {
  it.effect.each(services)("refuses the emulator's keys before sending: %j", (options) =>
    Effect.gen(function* () {
      const server = serve(reply(200, success({})))
      const failure = failureOf(yield* run(server, check("hksb0000"), { options, credentials: emulatorKey }))
      assert.strictEqual(failure._tag, "CredentialsError")
      assert.match(failure.message, /the access key is the emulator's.*aliyuncs\.com/)
      assert.notInclude(failure.message, "CANARY")
      assert.lengthOf(server.sent, 0)
    })
  )

  it.effect.each(services)("refuses the emulator's transactions before sending: %j", (options) =>
    Effect.gen(function* () {
      for (const transactionId of ["emulator-CANARY", "hksb-passed-CANARY"]) {
        const server = serve(reply(200, success({})))
        const failure = failureOf(yield* run(server, check(transactionId), { options }))
        assert.deepInclude(failure, { _tag: "InvalidRequest", path: "transactionId" })
        assert.match(failure.message, /this one is the emulator's/)
        assert.notInclude(failure.message, "CANARY")
        assert.lengthOf(server.sent, 0)
      }
    })
  )

  it.effect("sends real ids, whatever they have in common with the marks", () =>
    Effect.gen(function* () {
      for (const transactionId of ["hksb7ba1b28130d24e015d", "shaemulator-1", "emulator"]) {
        const server = serve(reply(200, success({})))
        yield* run(server, check(transactionId))
        assert.lengthOf(server.sent, 1)
      }
    })
  )
})

it.effect.each(elsewhere)("a client of another URL sends them: %j", (options) =>
  Effect.gen(function* () {
    const server = serve(reply(200, success({})))
    yield* run(server, check("emulator-1"), { options, credentials: emulatorKey })
    assert.lengthOf(server.sent, 1)
  })
)

it.effect("a client of a test's own functions answers for them", () =>
  Effect.gen(function* () {
    const { verdict } = yield* check("hksb-passed-global-passport")
    assert.strictEqual(verdict._tag, "Passed")
  }).pipe(Effect.provide(Cloudauth.layerTest(() => Canned.passed(Document.GlobalPassport))))
)
