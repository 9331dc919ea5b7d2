/** What the campaign asks of the emulator's process, over IPC. */
import type * as Fault from "@effect-cloudauth/emulator/Fault"
import type * as Verification from "@effect-cloudauth/emulator/Verification"
import type * as Middlebox from "./middlebox.ts"

/** One request as the emulator saw it. */
export interface Sent {
  readonly transactionId: string
  readonly nonce: string
  readonly requestId: string
  readonly signature: "Verified" | "Refused" | "Unchecked"
  readonly code: string
  readonly status: number
  readonly passed: string | undefined
  readonly faults: ReadonlyArray<Fault.Kind>
  /** From the request's last byte to the answer's, in milliseconds. */
  readonly answeredMillis: number | undefined
}

export interface Ready {
  readonly url: string
  readonly secureUrl: string
  /** A proxy that may let `CONNECT` hang. */
  readonly proxyUrl: string
  /** The service without TLS, behind a relay that may add answers. */
  readonly relayUrl: string
  readonly certificate: string
  readonly accessKeyId: string
  readonly accessKeySecret: string
}

export interface Commands {
  /** Registers a round of plans; forgets the round before. */
  readonly round: { readonly input: { readonly from: number; readonly count: number }; readonly output: null }
  /** All requests since the round began. */
  readonly sent: { readonly input: null; readonly output: ReadonlyArray<Sent> }
  readonly setFaults: { readonly input: ReadonlyArray<Fault.Rule>; readonly output: null }
  readonly setMiddlebox: { readonly input: Middlebox.Faults; readonly output: null }
  readonly addKey: { readonly input: Verification.Key; readonly output: null }
  readonly advance: { readonly input: number; readonly output: null }
  readonly setQps: { readonly input: number | null; readonly output: null }
  readonly state: {
    readonly input: null
    readonly output: {
      readonly connections: number
      /** Nonces that came more than once, in the whole campaign. */
      readonly repeatedNonces: number
      readonly nonces: number
      readonly hungConnects: number
      readonly strayAnswers: number
      readonly residentBytes: number
    }
  }
}

export type Kind = keyof Commands
