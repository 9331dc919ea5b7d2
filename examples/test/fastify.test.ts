import { assert, describe, it } from "@effect/vitest"
import { start } from "./support/example.ts"

interface Line {
  readonly msg: string
  readonly req?: { readonly url: string }
}

describe("fastify", () => {
  it("answers, and closes cleanly with a request on a kept connection under way", async () => {
    const { child, ended, lines } = start("fastify")
    const logged: Array<string> = []
    /** Reads on until a line holds the text. */
    const until = async (text: string): Promise<string> => {
      for (;;) {
        const { done, value } = await lines.next()
        if (done === true) throw new Error(`The server ended before it said: ${text}`)
        const { msg, req }: Line = JSON.parse(value)
        logged.push(`${msg} ${req?.url ?? ""}`)
        if (value.includes(text)) return msg
      }
    }
    try {
      const url = /http:\S+/.exec(await until("Server listening"))?.[0]
      const check = async (order: string) => {
        const answer = await fetch(`${url}/orders/${order}/check`, { method: "POST" })
        return [answer.status, await answer.text()]
      }
      assert.deepStrictEqual(await check("4711"), [200, '{"status":"accepted"}'])
      assert.deepStrictEqual(await check("4712"), [200, '{"status":"rejected"}'])
      assert.deepStrictEqual(await check("4713"), [202, '{"status":"pending"}'])
      assert.deepStrictEqual(await check("1"), [404, ""])

      const slow = check("4714")
      await until("/orders/4714/check")
      child.kill("SIGTERM")
      assert.deepStrictEqual(await slow, [200, '{"status":"accepted"}'])
      await until("closing")
      await until("request completed")
      assert.strictEqual(await ended, 0)
    } finally {
      child.kill("SIGTERM")
    }
    assert.notInclude(logged.join("\n"), "hksb-")
  })
})
