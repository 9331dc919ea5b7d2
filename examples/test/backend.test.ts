import { spawn } from "node:child_process"
import { once } from "node:events"
import { createServer } from "node:net"
import { join } from "node:path"
import { text } from "node:stream/consumers"
import { assert, describe, it, vi } from "@effect/vitest"
import { Canned, Cloudauth, Document } from "@effect-cloudauth/core"
import { ConfigProvider, Layer } from "effect"
import { HttpRouter, HttpServer } from "effect/http"
import { application, stores } from "../backend/server.ts"
import { run } from "./support/example.ts"

const token = "b7e23ec29af22b0b4e41da31e868d572"

const config = ConfigProvider.layer(
  ConfigProvider.fromUnknown({
    CLOUDAUTH_CALLBACK_TOKEN: token,
    PUBLIC_URL: "https://merchant.example",
    USER_ID_KEY: "key"
  })
)

/** The application in this process, with canned results; it keeps the text of each response. */
const start = (answer: Canned.Canned) => {
  const client = Cloudauth.layerTest(
    () => answer,
    () => Canned.initialized("hksb1")
  )
  const { dispose, handler } = HttpRouter.toWebHandler(
    application(Layer.merge(stores, client)).pipe(Layer.provide(HttpServer.layerServices), Layer.provide(config)),
    { disableLogger: true }
  )
  const texts: Array<string> = []
  const ask = async (user: string, path: string, init: RequestInit = {}) => {
    const headers = { "content-type": "application/json", "x-user-id": user }
    const response = await handler(new Request(`https://merchant.example${path}`, { headers, ...init }))
    const text = await response.text()
    texts.push(text)
    return { status: response.status, body: text === "" ? undefined : JSON.parse(text) }
  }
  const begin = async (user: string) => {
    const body = JSON.stringify({ document: "HongKongIdentityCard" })
    const begun = await ask(user, "/verifications", { method: "POST", body })
    assert.strictEqual(begun.status, 200)
    return `/verifications/${begun.body.id}`
  }
  const callBack = (given = token) => ask("", `/cloudauth/callback?transactionId=hksb1&passed=Y&callbackToken=${given}`)
  const collected = (user: string, path: string) =>
    vi.waitFor(async () => assert.strictEqual((await ask(user, path)).body.state, "collected"), { timeout: 60_000 })
  return { ask, begin, callBack, collected, dispose, texts }
}

/** What a program of the backend prints as its error in an environment of its own. */
const ended = async (program: string, env: Readonly<Record<string, string>>) => {
  const path = join(import.meta.dirname, "../backend", program)
  const child = spawn(process.execPath, [path], {
    env: { NODE_COMPILE_CACHE: process.env["NODE_COMPILE_CACHE"], ...env },
    stdio: ["ignore", "ignore", "pipe"]
  })
  const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, "close")])
  return { code, stderr }
}

describe("backend", () => {
  it("goes from the beginning to the decision, through the callback", async () => {
    const printed = await run("backend")
    assert.match(printed, /^GET {2}\/docs → 200/)
    assert.match(
      printed,
      /^POST \/verifications → ([0-9a-f]{32}); [^]*\/\1 → collected\n[^]*\/\1\/result → Passed\n[^]*\/\1\/decision → accept: /m
    )
    assert.include(printed, "as another user → VerificationNotFound")
    assert.notInclude(printed, "hksb")
  })

  it.each([
    ["passed", Canned.passed(), "accept"],
    ["a poor image", Canned.rejected("211"), "retake"],
    [
      "a number with a wrong check digit",
      Canned.passed(Document.HongKongIdentityCard, { idNumber: "A123456(4)" }),
      "review"
    ],
    ["a child", Canned.passed(Document.HongKongIdentityCard, { birthDate: "2020-01-01" }), "decline"],
    ["a suspected forgery", Canned.rejected("212"), "review"],
    ["an unknown sub code", Canned.rejected("299"), "review"]
  ])("decides by the genuine callback alone: %s", async (_, answer, outcome) => {
    const { ask, begin, callBack, collected, dispose } = start(answer)
    const path = await begin("ada")

    await callBack("forged")
    assert.strictEqual((await ask("ada", path)).body.state, "waiting")
    assert.strictEqual((await ask("ada", `${path}/decision`)).body._tag, "DecisionNotFound")

    await callBack()
    await collected("ada", path)
    const { body, status } = await ask("ada", `${path}/decision`)
    assert.deepStrictEqual([status, Object.keys(body), body.outcome], [200, ["outcome", "text"], outcome])
    assert.isNotEmpty(body.text.en)
    await dispose()
  })

  it("answers another user as if there were no verification, and an unknown caller with 401", async () => {
    const { ask, begin, callBack, collected, dispose } = start(Canned.passed())
    const path = await begin("ada")
    await callBack()
    await collected("ada", path)
    for (const part of ["", "/result", "/decision"]) {
      assert.strictEqual((await ask("ada", path + part)).status, 200, part)
      const stranger = await ask("eve", path + part)
      assert.strictEqual(stranger.status, 404, part)
      assert.deepStrictEqual(stranger, await ask("eve", `/verifications/none${part}`))
      assert.strictEqual((await ask("", path + part)).status, 401, part)
    }
    await dispose()
  })

  it("puts no personal data and no id of a user into a response", async () => {
    const image = Buffer.from([0xff, 0xd8, 0xff, ...Array.from({ length: 60 }, () => 0x5a)]).toString("base64")
    const edited = { englishName: "CANARY, Edited" }
    const { ask, begin, callBack, collected, dispose, texts } = start(
      Canned.passed(Document.HongKongIdentityCard, { edited, image })
    )
    const path = await begin("ada-4711")
    await callBack()
    await collected("ada-4711", path)
    const view = await ask("ada-4711", `${path}/result`)
    assert.deepInclude(view.body, { document: "HongKongIdentityCard", edited: ["englishName"] })
    assert.strictEqual(view.body.images.front.mediaType, "image/jpeg")
    await ask("ada-4711", `${path}/decision`)

    const long = Object.values(Canned.fields.HongKongIdentityCard).filter((value) => value.length > 1)
    for (const secret of [...long, "CANARY", image, "ada-4711"]) assert.notInclude(texts.join("\n"), secret)
    await dispose()
  })

  const complete = {
    PUBLIC_URL: "https://merchant.example",
    CLOUDAUTH_CALLBACK_TOKEN: token,
    USER_ID_KEY: "key",
    ALIBABA_CLOUD_ACCESS_KEY_ID: "id",
    ALIBABA_CLOUD_ACCESS_KEY_SECRET: "secret"
  }

  it.each([
    ["which variable is missing", "drive.ts", complete, /^backend: Expected string at \["PORT"\]: README\.md .*\n$/],
    ["which variable can't be read", "main.ts", { ...complete, PORT: "http" }, /^backend: .* at \["PORT"\]: .*\n$/],
    ["how to get a key", "drive.ts", {}, /^backend: ALIBABA_CLOUD_ACCESS_KEY_ID is missing .*\n$/]
  ])("says in one line %s", async (_, program, env, line) => {
    const { code, stderr } = await ended(program, env)
    assert.strictEqual(code, 1)
    assert.match(stderr, line)
  })

  it("opens its port after its database, and says why it can't without the password", async () => {
    const other = createServer().listen(0, "127.0.0.1")
    await once(other, "listening")
    const address = other.address()
    // The port is taken: it would say so if it came so far.
    const PORT = String(typeof address === "object" ? address?.port : 0)
    const DATABASE_URL = "postgres://user:canary@127.0.0.1:1/db"
    const { code, stderr } = await ended("main.ts", { ...complete, PORT, DATABASE_URL })
    other.close()
    assert.deepStrictEqual([code, stderr], [1, "backend: DATABASE_URL: connect ECONNREFUSED 127.0.0.1:1\n"])
  })

  it("describes itself", async () => {
    const { ask, dispose } = start(Canned.passed())
    const { body } = await ask("", "/openapi.json")
    assert.sameMembers(Object.keys(body.paths), [
      "/verifications",
      "/verifications/{id}",
      "/verifications/{id}/result",
      "/verifications/{id}/decision"
    ])
    await dispose()
  })
})
