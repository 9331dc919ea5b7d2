/** The retry that people write by hand if the library has none: three attempts, as long apart as the answer says. */
import { setTimeout as sleep } from "node:timers/promises"
import type { Envelope } from "./plainDecode.ts"

export interface Reply {
  readonly status: number
  /** Milliseconds, from `x-acs-retry-after`. */
  readonly retryAfter: string | null | undefined
  readonly body: Envelope & { readonly Code: string }
}

export const throttleLoop = async (attempt: () => Promise<Reply>): Promise<Envelope> => {
  for (let attempts = 1; ; attempts++) {
    const reply = await attempt()
    if (reply.status === 200) return reply.body
    if (attempts === 3 || !reply.body.Code.startsWith("Throttling")) throw new Error(reply.body.Code)
    await sleep(Number(reply.retryAfter ?? 100))
  }
}
