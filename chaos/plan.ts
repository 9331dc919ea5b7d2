/** What each call of the campaign asks, and what the service has for it: a function of the seed and the call's number. */
import { createHash } from "node:crypto"
import * as EmulatorDocument from "@effect-cloudauth/emulator/Document"
import * as ResponseCode from "@effect-cloudauth/emulator/ResponseCode"
import * as Scenario from "@effect-cloudauth/emulator/Scenario"
import * as Random from "./random.ts"

/** The clients of the campaign: the transport of each, and how it reaches the service. */
export const clients = ["undici", "undici-tls", "undici-proxy", "undici-fresh", "node-http"] as const
export type ClientName = (typeof clients)[number]

/** Whether a client speaks TLS. */
export const isSecure = (client: ClientName): boolean => client === "undici-tls" || client === "undici-proxy"

export interface Plan {
  readonly index: number
  readonly client: ClientName
  readonly transactionId: string
  readonly merchantBizId: string
  readonly isReturnImage: boolean
  readonly scenario: Scenario.Scenario
  /** Whether the answer contradicts itself, or is about something else: it must be no pass. */
  readonly isDoubtful: boolean
  /** The document that is asked for, if it is not that of the answer. */
  readonly askedFor: EmulatorDocument.Slug | undefined
  /** The error that an answer written by hand must become; `undefined` if the scenario has none of those. */
  readonly rawTag: string | undefined
  /** Ends the call from outside after so many milliseconds, or so many turns of the scheduler. */
  readonly interrupt: { readonly unit: "millis" | "turns"; readonly after: number } | undefined
}

const codes = Object.keys(ResponseCode.codes)

const nested: readonly [Scenario.Nesting, ...ReadonlyArray<Scenario.Nesting>] = [
  {},
  {},
  { inner: "object" },
  { extIdInfo: "object" },
  { extIdInfo: "object", inner: "object" },
  { extIdInfo: "double", inner: "double", spoofType: "string" },
  { escape: "inner" },
  { escape: "outer" },
  { escape: "both", inner: "double" }
]

const passed = (random: Random.Random): Scenario.Verdict =>
  Scenario.passed({
    document: random.pick(EmulatorDocument.slugs),
    personPerTransaction: true,
    sexSpelling: random.pick(["letter", "word", "chinese"]),
    nesting: random.pick(nested),
    back: random.chance(0.3)
  })

const repeatable: ReadonlyArray<Scenario.Repeatable> = [
  "Passed",
  "SubCode",
  "spoofResult",
  "spoofInfo",
  "ocrIdPassed",
  "idNumber",
  "ExtIdInfo",
  "Result",
  "Code"
]

const contradictions: ReadonlyArray<Scenario.Contradiction> = [
  "Passed",
  "SubCode",
  "SubCodeMissing",
  "OcrNotPassed",
  "OcrUnreadable",
  "EvidenceMissing",
  "EvidenceCutOff",
  "NothingRead",
  "EditedWithoutRead",
  "SpoofRisk",
  "SpoofUnreadable",
  "SpoofTypeWithoutResult",
  "NotSuccessful",
  "SiblingVerdict",
  "OtherTransaction",
  "OtherMerchantBizId"
]

const [repeated, ...otherDoubtful] = [
  ...repeatable.map((key) => Scenario.repeatedKey(key, { personPerTransaction: true })),
  ...contradictions.map((part) => Scenario.contradictory(part, { personPerTransaction: true }))
]

const deep = `${'{"a":'.repeat(5000)}1${"}".repeat(5000)}`

/** Answers that no service should give, and the error that each must become. */
const oddities: readonly [readonly [Scenario.Step, string], ...ReadonlyArray<readonly [Scenario.Step, string]>] = [
  [Scenario.raw({ status: 200, body: "" }), "DecodeError"],
  [Scenario.raw({ status: 200, body: "null" }), "DecodeError"],
  [Scenario.raw({ status: 200, body: "[]" }), "DecodeError"],
  [Scenario.raw({ status: 200, body: '{"Code":"Success"}' }), "DecodeError"],
  [Scenario.raw({ status: 200, body: '{"Code":"Success","Result":"Y"}' }), "DecodeError"],
  [Scenario.raw({ status: 200, body: '{"Result":{"Passed":"Y","SubCode":"200"}}' }), "DecodeError"],
  [Scenario.raw({ status: 200, body: '{"Code":"SomethingNew"}' }), "UnknownResponseCode"],
  [Scenario.raw({ status: 200, body: deep }), "DecodeError"],
  [Scenario.raw({ status: 204, body: "" }), "DecodeError"],
  [Scenario.raw({ status: 403, headers: { "content-type": "text/html" }, body: "<h1>no</h1>" }), "UnknownResponseCode"],
  [Scenario.raw({ status: 302, headers: { location: "http://127.0.0.1:9/" }, body: "" }), "UnknownResponseCode"],
  [Scenario.raw({ status: 429, body: "slow down" }), "Throttled"],
  [Scenario.raw({ status: 502, headers: { "content-type": "text/html" }, body: "<h1>x</h1>" }), "ServiceDown"]
]

type Answer = Pick<Plan, "scenario" | "rawTag" | "isReturnImage" | "isDoubtful" | "askedFor">

const plain = { isReturnImage: false, isDoubtful: false, askedFor: undefined, rawTag: undefined }

const scenarioOf = (random: Random.Random): Answer => {
  const of = (scenario: Scenario.Scenario, isReturnImage = false): Answer => ({ ...plain, scenario, isReturnImage })
  const lot = random.float()
  if (lot < 0.42) return of(passed(random))
  if (lot < 0.49 && repeated !== undefined) {
    return { ...plain, scenario: random.pick([repeated, ...otherDoubtful]), isDoubtful: true }
  }
  if (lot < 0.52) {
    const scenario = Scenario.passed({ document: "hong-kong-identity-card", personPerTransaction: true })
    return { ...plain, scenario, isDoubtful: true, askedFor: "global-passport" }
  }
  // The images are one person's: drawing others for each call would be the whole of the load.
  if (lot < 0.55) {
    return of(Scenario.passed({ document: random.pick(EmulatorDocument.slugs), person: "pictured", back: true }), true)
  }
  if (lot < 0.65)
    return of(Scenario.rejected(random.pick(["211", "212", "213", "299"]), { personPerTransaction: true }))
  if (lot < 0.73) {
    return of(
      random.pick([
        Scenario.passed({ personPerTransaction: true, subCode: "211" }),
        Scenario.passed({ personPerTransaction: true, passed: "N" }),
        Scenario.passed({ personPerTransaction: true, passed: "" }),
        Scenario.passed({ personPerTransaction: true, passed: "maybe" }),
        Scenario.passed({ personPerTransaction: true, ocrIdPassed: "N" }),
        Scenario.passed({ personPerTransaction: true, spoof: { result: "Y", types: ["TAMPER"] } }),
        Scenario.passed({ personPerTransaction: true, back: true, spoofBack: { result: "Y" } })
      ])
    )
  }
  if (lot < 0.76) {
    const form = random.pick(["malformed", "empty", "null", "absent"] as const)
    return of(Scenario.passed({ personPerTransaction: true, nesting: { ocrIdInfo: form } }))
  }
  if (lot < 0.88) {
    const format = random.pick(["json", "json-lower-case", "xml"] as const)
    return of(Scenario.errorCode(random.pick(["ProcessNotCompleted", ...codes]), { format }))
  }
  if (lot < 0.97) {
    const first = random.pick([
      Scenario.throttled({ retryAfterMillis: random.below(40) }),
      Scenario.throttled({ code: "Throttling.User" }),
      Scenario.errorCode("ServiceUnavailable"),
      Scenario.errorCode("InternalError"),
      Scenario.errorCode("SignatureNonceUsed")
    ])
    const times = 1 + random.below(3)
    return of(Scenario.sequence([first, ...Array.from({ length: times - 1 }, () => first), passed(random)]))
  }
  const [scenario, rawTag] = random.pick(oddities)
  return { ...plain, scenario, rawTag }
}

export const make = (seed: string, index: number): Plan => {
  const random = Random.make(`${seed}:${index}`)
  const id = createHash("sha256").update(`${seed}:${index}:id`).digest("hex").slice(0, 20)
  return {
    index,
    client: random.pick(["undici", "undici", "undici", "undici-tls", "undici-proxy", "undici-fresh", "node-http"]),
    transactionId: `chaos${id}`,
    merchantBizId: `m${index}`,
    ...scenarioOf(random),
    interrupt: random.chance(0.06)
      ? random.chance(0.5)
        ? { unit: "turns", after: random.below(40) }
        : { unit: "millis", after: random.below(60) }
      : undefined
  }
}

/** The verdict that a call ends with when its last attempt succeeds. */
export const verdictOf = (scenario: Scenario.Scenario): Scenario.Verdict | undefined => {
  const last = scenario._tag === "Sequence" ? scenario.steps.at(-1) : scenario
  return last?._tag === "Verdict" ? last : undefined
}
