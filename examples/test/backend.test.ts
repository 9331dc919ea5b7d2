import { assert, describe, it, vi } from "@effect/vitest"
import { Canned, Cloudauth } from "@effect-cloudauth/core"
import { ConfigProvider, Layer } from "effect"
import { HttpRouter, HttpServer } from "effect/http"
import { application } from "../backend/server.ts"
import { run } from "./support/example.ts"

const token = "b7e23ec29af22b0b4e41da31e868d572"

/** The application in this process, with canned results. */
const start = (answer: () => Canned.Canned) =>
  HttpRouter.toWebHandler(
    application(Cloudauth.layerTest(answer, () => Canned.initialized("hksb1"))).pipe(
      Layer.provide(HttpServer.layerServices),
      Layer.provide(
        ConfigProvider.layer(
          ConfigProvider.fromUnknown({
            CLOUDAUTH_CALLBACK_TOKEN: token,
            PUBLIC_URL: "https://merchant.example",
            USER_ID_KEY: "key"
          })
        )
      )
    ),
    { disableLogger: true }
  )

const json = async (answer: Response) => ({ status: answer.status, body: await answer.json() })

describe("backend", () => {
  it("goes from the beginning to the decision, through the callback", async () => {
    const printed = await run("backend")
    assert.match(printed, /^GET {2}\/docs → 200/)
    assert.match(printed, /^POST \/verifications → ([0-9a-f]{32}); [^]*GET {2}\/verifications\/\1 → accepted\n/m)
    assert.include(printed, "GET  /verifications/000… → VerificationNotFound")
    assert.notInclude(printed, "hksb")
  })

  it.each([
    ["passed", Canned.passed(), "accepted"],
    ["a poor photograph", Canned.rejected("211"), "retake"],
    ["a suspected forgery", Canned.rejected("212"), "review"],
    ["an unknown sub code", Canned.rejected("299"), "review"]
  ])("decides: %s", async (_, answer, expected) => {
    const { dispose, handler } = start(() => answer)
    const ask = (path: string, init?: RequestInit) => handler(new Request(`https://merchant.example${path}`, init))
    const begun = await json(
      await ask("/verifications", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ userId: "user-4711", document: "HongKongIdentityCard" })
      })
    )
    assert.strictEqual(begun.status, 200)
    const { id } = begun.body
    const read = async () => json(await ask(`/verifications/${id}`))

    await ask("/cloudauth/callback?transactionId=hksb1&passed=Y&callbackToken=forged")
    assert.deepStrictEqual(await read(), { status: 200, body: { id, status: "pending" } })

    await ask(`/cloudauth/callback?transactionId=hksb1&passed=Y&callbackToken=${token}`)
    await vi.waitFor(async () => assert.deepStrictEqual((await read()).body, { id, status: expected }))
    await dispose()
  })

  it("describes itself", async () => {
    const { dispose, handler } = start(() => Canned.passed())
    const { body } = await json(await handler(new Request("https://merchant.example/openapi.json")))
    assert.deepStrictEqual(Object.keys(body.paths), ["/verifications", "/verifications/{id}"])
    await dispose()
  })
})
