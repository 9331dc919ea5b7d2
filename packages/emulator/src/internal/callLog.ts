import type { Call } from "../Call.ts"
import type * as Fault from "../Fault.ts"
import * as Protocol from "../Protocol.ts"

type Mutable<A> = { -readonly [K in keyof A]: A[K] }

/** What is known of a call when it arrives. */
interface Arrived {
  readonly request: Protocol.Request
  readonly parameters: ReadonlyMap<string, string>
  readonly time: number
  readonly requestId: string
  readonly faults: ReadonlyArray<Fault.Fault>
  readonly startedAt: number
}

/** The entry of a call that is under way. */
const entryOf = (sequence: number, options: Arrived): Mutable<Call> => ({
  sequence,
  time: options.time,
  requestId: options.requestId,
  method: options.request.method,
  action: Protocol.header(options.request, "x-acs-action"),
  version: Protocol.header(options.request, "x-acs-version"),
  transactionId: options.parameters.get("TransactionId"),
  merchantBizId: options.parameters.get("MerchantBizId"),
  nonce: Protocol.header(options.request, "x-acs-signature-nonce"),
  signature: "Unchecked",
  code: "",
  status: 0,
  faults: options.faults.map((fault) => fault._tag),
  decidedMillis: 0,
  answeredMillis: undefined
})

export const callLog = (keep: number) => {
  let calls: Array<Mutable<Call>> = []
  const started = new WeakMap<Call, number>()
  const listeners = new Set<(call: Call) => void>()
  let sequence = 0

  const own = (call: Call): Mutable<Call> => call

  return {
    open: (options: Arrived): { readonly call: Call; readonly finished: () => void } => {
      sequence += 1
      const call = entryOf(sequence, options)
      started.set(call, options.startedAt)
      calls.push(call)
      // Cut in large steps: removing one at a time from the front would cost time on every call.
      if (calls.length > 2 * keep) calls = calls.slice(-keep)
      const finished = () => {
        if (call.answeredMillis !== undefined) return
        call.answeredMillis = performance.now() - options.startedAt
        for (const listener of listeners) listener(call)
      }
      return { call, finished }
    },
    verified: (call: Call, outcome: "Verified" | "Refused"): void => {
      own(call).signature = outcome
    },
    answered: (call: Call, answer: Pick<Call, "code" | "status" | "passed" | "subCode">): void => {
      Object.assign(own(call), answer, { decidedMillis: performance.now() - (started.get(call) ?? 0) })
    },
    all: (): ReadonlyArray<Call> => calls.slice(-keep),
    onFinished: (listener: (call: Call) => void): (() => void) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    clear: (): void => {
      calls = []
    }
  }
}
