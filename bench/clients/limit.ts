/** The limit: an undici Pool, node:crypto and JSON.parse, nothing else. Not typed, not validated, not observed. */
import { Pool } from "undici"
import { checkAnswer, nextCall } from "../workloads.ts"
import { sign } from "./acs3.ts"
import { maxConnections } from "./BenchClient.ts"
import type { CreateClient } from "./BenchClient.ts"
import { plainDecode } from "./plainDecode.ts"
import { throttleLoop } from "./throttleLoop.ts"
import type { Reply } from "./throttleLoop.ts"

export const create: CreateClient = async ({ host, protocol }) => {
  const pool = new Pool(`${protocol}://${host}`, { connections: maxConnections })
  return {
    name: "limit",
    call: async (workload) => {
      const parameters = nextCall(workload)
      const envelope = await throttleLoop(async () => {
        const { headers, path } = sign(host, parameters)
        const response = await pool.request({ method: "POST", path, headers })
        const body: Reply["body"] = JSON.parse(await response.body.text())
        return { status: response.statusCode, retryAfter: response.headers["x-acs-retry-after"]?.toString(), body }
      })
      checkAnswer(workload, plainDecode(envelope))
    },
    close: () => pool.close()
  }
}
