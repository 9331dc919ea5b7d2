/**
 * A server in a thread of its own: it withholds its responses until a message asks for all of them, while this thread does
 * nothing, as an application does that blocks the event loop.
 */
import { once } from "node:events"
import { Worker } from "node:worker_threads"
import * as Effect from "effect/Effect"

const source = `
const { parentPort, workerData: { count, signals } } = require("node:worker_threads")
const held = []
let finished = 0
const server = require("node:http").createServer((request, response) => {
  held.push(response)
  response.on("finish", () => {
    if (++finished === count) Atomics.store(signals, 1, 1), Atomics.notify(signals, 1)
  })
  if (held.length === count) {
    parentPort.postMessage("arrived")
    Atomics.wait(signals, 0, 0)
    for (const each of held) each.end("late, but in time")
  }
})
server.listen(0, "127.0.0.1", () => parentPort.postMessage(server.address().port))
`

/** A server that withholds its responses until `count` requests have arrived and `answerAll` is called. */
export const withholdingServer = (count: number) =>
  Effect.acquireRelease(
    Effect.promise(async () => {
      const signals = new Int32Array(new SharedArrayBuffer(8))
      const worker = new Worker(source, { eval: true, workerData: { count, signals } })
      const [port] = await once(worker, "message")
      return {
        worker,
        url: `http://127.0.0.1:${port}/`,
        arrived: once(worker, "message"),
        /** Blocks this thread until every response is in its socket. */
        answerAll: () => {
          Atomics.store(signals, 0, 1)
          Atomics.notify(signals, 0)
          if (Atomics.wait(signals, 1, 0, 10_000) === "timed-out") throw new Error("the server did not answer")
        }
      }
    }),
    ({ worker }) => Effect.promise(() => worker.terminate())
  )
