/** undici before it is there. */
import { execFile } from "node:child_process"
import { promisify } from "node:util"
import { assert, describe, it } from "@effect/vitest"
import type { Dispatcher } from "undici"
import { InFlight } from "../src/internal/InFlight.ts"
import { LazyDispatcher } from "../src/internal/LazyDispatcher.ts"
import { UndiciHandler } from "../src/internal/UndiciHandler.ts"

const options: Dispatcher.DispatchOptions = { origin: "http://127.0.0.1", path: "/", method: "POST" }

const turn = () => new Promise((resolve) => setImmediate(resolve))

/** What is told of how it ended. */
class Handler extends UndiciHandler {
  readonly failures: Array<Error> = []
  protected started(): void {}
  protected received(): void {}
  protected ended(): void {}
  protected failed(cause: Error): void {
    this.failures.push(cause)
  }
}

const setUp = (makes: () => Promise<Partial<Dispatcher>>) => {
  const dispatched: Array<unknown> = []
  const counts = { made: 0, destroyed: 0 }
  const inFlight = new InFlight()
  const dispatcher = new LazyDispatcher(async () => {
    counts.made++
    const part = await makes()
    // What is used of a dispatcher.
    return {
      dispatch: (_: unknown, handler: unknown) => dispatched.push(handler) > 0,
      destroy: async () => void counts.destroyed++,
      ...part
    } as unknown as Dispatcher
  })
  return { dispatcher, dispatched, counts, handler: () => new Handler(inFlight) }
}

describe("undici's dispatcher", () => {
  it("is made in the first idle turn", async () => {
    const { counts } = setUp(async () => ({}))
    assert.strictEqual(counts.made, 0)
    await turn()
    await turn()
    assert.strictEqual(counts.made, 1)
  })

  it("is made in the first idle turn of a process that waits for something else", async () => {
    const module = import.meta.resolve("../src/internal/LazyDispatcher.ts")
    // A timer's turn: the loop would sleep before it comes to what nothing keeps it awake for.
    const program = `
      import { LazyDispatcher } from ${JSON.stringify(module)}
      setTimeout(() => new LazyDispatcher(() => { console.log("made"); process.exit() }))
      setTimeout(() => {}, 60_000)
    `
    const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", program], {
      env: { PATH: process.env["PATH"], NODE_NO_WARNINGS: "1" },
      timeout: 4000
    })
    assert.strictEqual(stdout, "made\n")
  })

  it("is made by a request that comes sooner, once, and gets the requests in their order", async () => {
    const { counts, dispatched, dispatcher, handler } = setUp(turn as () => Promise<object>) // it resolves with nothing
    const handlers = [handler(), handler(), handler()]
    for (const one of handlers) dispatcher.dispatch(options, one)
    assert.strictEqual(counts.made, 1)
    for (let turns = 0; turns < 5; turns++) await turn()
    const later = handler()
    dispatcher.dispatch(options, later)
    assert.deepStrictEqual(dispatched, [...handlers, later])
    assert.strictEqual(counts.made, 1)
  })

  it("does not get a request that was interrupted meanwhile", async () => {
    const { dispatched, dispatcher, handler } = setUp(async () => ({}))
    const interrupted = handler()
    dispatcher.dispatch(options, interrupted)
    interrupted.cancel()
    await turn()
    assert.deepStrictEqual(dispatched, [])
    assert.deepStrictEqual(
      interrupted.failures.map(({ name }) => name),
      ["AbortError"]
    )
  })

  it("that can't be made fails every request with its reason, and nothing else", async () => {
    const broken = new Error("no such module")
    const { dispatcher, handler } = setUp(() => Promise.reject(broken))
    const first = handler()
    dispatcher.dispatch(options, first)
    await turn()
    const later = handler()
    dispatcher.dispatch(options, later)
    await turn()
    assert.deepStrictEqual([first.failures, later.failures], [[broken], [broken]])
  })

  it("that could not be made is made by the next request: files may have been too many for a while", async () => {
    const broken = new Error("too many open files")
    const outcomes = [Promise.reject(broken), Promise.resolve({})]
    const { counts, dispatched, dispatcher, handler } = setUp(() => outcomes.shift() ?? Promise.resolve({}))
    const [first, second, third] = [handler(), handler(), handler()]
    dispatcher.dispatch(options, first)
    dispatcher.dispatch(options, second)
    await turn()
    dispatcher.dispatch(options, third)
    await turn()
    assert.deepStrictEqual([first.failures, second.failures, third.failures], [[broken], [broken], []])
    assert.deepStrictEqual(dispatched, [third])
    assert.strictEqual(counts.made, 2)
  })

  it("that can't be made needs no destroying", async () => {
    const { dispatcher, handler } = setUp(() => Promise.reject(new Error("no such module")))
    const waiting = handler()
    dispatcher.dispatch(options, waiting)
    await dispatcher.destroy()
    assert.strictEqual(waiting.failures.length, 1)
    await dispatcher.destroy()
  })

  it("is destroyed if it was made, and is not made for that", async () => {
    const used = setUp(async () => ({}))
    await turn()
    await used.dispatcher.destroy()
    assert.deepStrictEqual(used.counts, { made: 1, destroyed: 1 })
    const unused = setUp(async () => ({}))
    await unused.dispatcher.destroy()
    await turn()
    assert.deepStrictEqual(unused.counts, { made: 0, destroyed: 0 })
  })
})
