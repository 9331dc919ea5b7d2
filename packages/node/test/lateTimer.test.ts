/** A file of its own: fake timers leave undici's own timer behind. */
import { promisify } from "node:util"
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { vi } from "vitest"
import { withholdingServer } from "./support/lateTimer.ts"
import { sendOver, transports } from "./support/transports.ts"

it.live.each(Object.entries(transports))(
  "takes a response that is there when a blocked event loop fires the timer late: %s",
  ([, transport]) =>
    Effect.gen(function* () {
      const server = yield* withholdingServer(50)
      const send = yield* sendOver(transport)
      const timersPhase = promisify(setTimeout)
      const exits = yield* Effect.promise(async () => {
        vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] })
        try {
          const sent = Array.from({ length: 50 }, () => Effect.runPromiseExit(send(server.url, { timeout: 2000 })))
          await server.arrived
          // The event loop runs timers before it reads sockets, so that a late timer comes first.
          await timersPhase(0)
          server.answerAll()
          vi.advanceTimersByTime(2500)
          return await Promise.all(sent)
        } finally {
          vi.useRealTimers()
        }
      })
      assert.lengthOf(exits.filter(Exit.isSuccess), 50)
    })
)
