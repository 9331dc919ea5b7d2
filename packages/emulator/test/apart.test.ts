/** What keeps the emulator and the real service apart, and strangers out. */
import { assert, describe, it } from "@effect/vitest"
import * as Gateway from "../src/Gateway.ts"
import * as Person from "../src/Person.ts"
import * as Server from "../src/Server.ts"
import { checkResultQuery, signedRequest } from "./support.ts"

const textOf = ({ response }: Gateway.Exchange) => Buffer.from(response.body).toString()
const id = "hksb-passed-global-passport"

describe("keys", () => {
  it("that are not the emulator's are refused with a reason, and not repeated", () => {
    const text = textOf(Gateway.make().handle(signedRequest(checkResultQuery(id), { accessKeyId: "LTAI5tREALKEY" })))
    assert.include(text, "InvalidAccessKeyId.NotFound")
    assert.include(text, "This is an emulator")
    assert.notInclude(text, "REALKEY")
  })

  it("that could be real can't be given to it", () => {
    const key = { accessKeyId: "LTAI5tREALKEY", accessKeySecret: "s" }
    assert.throws(() => Gateway.make(key), /begins with "emulator-"/)
    assert.throws(() => Gateway.make({ keys: [key] }), /begins with "emulator-"/)
    assert.throws(() => Gateway.make().addKey(key), /begins with "emulator-"/)
  })
})

describe("a call signed the older way", () => {
  const old =
    "AccessKeyId=emulator-access-key-id&Action=CheckResult&Format=JSON&SignatureMethod=HMAC-SHA1&SignatureNonce=1&SignatureVersion=1.0&Timestamp=2026-11-30T00%3A00%3A00Z&Version=2022-08-09&Signature=oLeaidS1JvxuMvnyHOwuJ%2BuX5qY%3D"
  const form = [["content-type", "application/x-www-form-urlencoded"]] as const

  it.each([
    { method: "GET", target: `/?${old}`, headers: [], body: "" },
    { method: "GET", target: `/?${old.replace(/&Signature=.*/, "")}`, headers: [], body: "" },
    { method: "POST", target: "/?Action=CheckResult&SignatureVersion=1.0", headers: [], body: "" },
    { method: "POST", target: `/?${old}`, headers: [], body: "" },
    { method: "POST", target: "/", headers: form, body: old },
    { method: "POST", target: "/", headers: [["authorization", "acs id:signature"]] as const, body: "" }
  ])("is refused with what to use instead: $method $target", ({ body, ...request }) => {
    const exchange = Gateway.make().handle({ ...request, body: Buffer.from(body) })
    assert.strictEqual(exchange.response.status, 400)
    assert.include(textOf(exchange), "IncompleteSignature")
    assert.match(textOf(exchange), /older way.*V1 is not emulated\..*@alicloud\/openapi-core/)
  })

  it.each(["ACS3-HMAC-SM3", "ACS3-RSA-SHA256", "ACS4-HMAC-SHA256"])("or by %s is refused by name", (algorithm) => {
    const authorization = `${algorithm} Credential=emulator-access-key-id,SignedHeaders=host,Signature=1`
    const exchange = Gateway.make().handle({
      method: "POST",
      target: "/",
      headers: [["authorization", authorization]],
      body: Buffer.from("")
    })
    assert.include(textOf(exchange), `Signatures by ${algorithm} are not emulated.`)
  })

  it("over a port is no visit of the page", async () => {
    const server = await Server.start()
    const response = await fetch(`${server.url}/?${old}`)
    assert.include(await response.text(), "IncompleteSignature")
    await server.close()
  })
})

describe("the admin API", () => {
  const status = async (url: string, headers: Record<string, string> = {}) => {
    const response = await fetch(url, { headers })
    return [response.status, await response.text()] as const
  }

  it("asks for a token beyond the loopback, in the header or in the query", async () => {
    const server = await Server.start({ host: "0.0.0.0" })
    const state = `http://127.0.0.1:${server.port}/_admin/state`
    const [refused, why] = await status(state)
    assert.strictEqual(refused, 401)
    assert.include(why, "authorization: Bearer")
    const token = server.adminToken ?? ""
    assert.match(token, /^[\w-]{32}$/)
    assert.notInclude(why, token)
    assert.strictEqual((await status(state, { authorization: "Bearer other" }))[0], 401)
    assert.strictEqual((await status(state, { authorization: `Bearer ${token}` }))[0], 200)
    assert.strictEqual((await status(`${state}?token=${token}`))[0], 200)
    assert.strictEqual((await status(`http://127.0.0.1:${server.port}/`))[0], 200)
    await server.close()
  })

  it("asks for nothing on the loopback, unless told to", async () => {
    const open = await Server.start()
    assert.isUndefined(open.adminToken)
    assert.strictEqual((await status(`${open.url}/_admin/state`))[0], 200)
    await open.close()
    const closed = await Server.start({ adminToken: "a-token-of-my-own" })
    assert.strictEqual((await status(`${closed.url}/_admin/state`))[0], 401)
    assert.strictEqual(
      (await status(`${closed.url}/_admin/openapi.json`, { authorization: "Bearer a-token-of-my-own" }))[0],
      200
    )
    await closed.close()
  })

  it("takes no token that is easily guessed", async () => {
    const error = await Server.start({ adminToken: "short" }).catch((cause: unknown) => cause)
    assert.match(String(error), /at least 16/)
  })
})

describe("numbers", () => {
  // The check digit counts once; a single letter stands behind a blank, which counts 36.
  const hongKongSum = (number: string) =>
    [...(" " + number.replace(/[()]/g, ""))]
      .map((character) => (character === " " ? 36 : Number.parseInt(character, 36)))
      .reduce((sum, value, index) => sum + value * (9 - index), 0)
  // ISO 7064 MOD 11-2, from left to right.
  const prcRemainder = (number: string) =>
    [...number].reduce((sum, character) => (sum * 2 + (character === "X" ? 10 : Number(character))) % 11, 0)

  it("have right check digits by the published rules", () => {
    assert.strictEqual(hongKongSum("A123456(3)") % 11, 0)
    assert.strictEqual(prcRemainder("11010519491231002X"), 1)
    for (let seed = 0; seed < 200; seed++) {
      const person = Person.make(String(seed))
      assert.strictEqual(hongKongSum(Person.read(person, "hong-kong-identity-card").idNumber) % 11, 0)
      assert.strictEqual(prcRemainder(Person.read(person, "prc-resident-identity-card").idNumber), 1)
    }
  })
})
