/** The same as `limit` with the global fetch. */
import { checkAnswer, nextCall } from "../workloads.ts"
import { sign } from "./acs3.ts"
import type { CreateClient } from "./BenchClient.ts"
import { plainDecode } from "./plainDecode.ts"
import { throttleLoop } from "./throttleLoop.ts"
import type { Reply } from "./throttleLoop.ts"

export const create: CreateClient = async ({ host, protocol }) => ({
  name: "fetch",
  call: async (workload) => {
    const parameters = nextCall(workload)
    const envelope = await throttleLoop(async () => {
      const { headers, path } = sign(host, parameters)
      const response = await fetch(`${protocol}://${host}${path}`, { method: "POST", headers })
      const body: Reply["body"] = JSON.parse(await response.text())
      return { status: response.status, retryAfter: response.headers.get("x-acs-retry-after"), body }
    })
    checkAnswer(workload, plainDecode(envelope))
  },
  close: async () => {}
})
