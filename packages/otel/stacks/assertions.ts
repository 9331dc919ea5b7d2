/** What must be true of a recording, whatever the tool. */
import type { Recorded } from "./intake.ts"
import type { Exchange } from "./vendor.ts"
import type { Span } from "./wires.ts"

/** What was sent to the application: the callers, the calls of each, and what each call must show. */
export const calls = [
  { order: "passed-global-passport", attempts: [false], failed: false },
  { order: "unavailable-twice", attempts: [true, true, false], failed: false },
  { order: "rejected-212", attempts: [false], failed: false },
  { order: "error-Forbidden.RAMUserAccessDenied", attempts: [true], failed: true }
] as const

export type Caller = "effect" | "promise"

/** A recording of one stack, and how its tool names things. */
export interface Recording {
  readonly spans: ReadonlyArray<Span>
  readonly requests: ReadonlyArray<Recorded>
  readonly exchanges: ReadonlyArray<Exchange>
  readonly callers: ReadonlyArray<Caller>
  readonly operation: RegExp
  readonly attempt: RegExp
  /** The bytes that must not be in it. */
  readonly secrets: ReadonlyArray<string>
  readonly callbackSecrets: ReadonlyArray<string>
}

/** `undefined` if the assertion says nothing about the stack. */
export type Outcome = boolean | undefined

const isBelow = (spans: ReadonlyArray<Span>, span: Span, text: string): boolean => {
  const parent = spans.find(({ id, trace }) => id === span.parent && trace === span.trace)
  if (parent === undefined) return span.kind === "server" && span.text.includes(text)
  return isBelow(spans, parent, text)
}

/** The operations below the server's span of a call. */
const operationsOf = ({ operation, spans }: Recording, caller: Caller, order: string): ReadonlyArray<Span> =>
  spans.filter((span) => operation.test(span.name) && isBelow(spans, span, `/${caller}/${order}`))

const attemptsOf = ({ attempt, spans }: Recording, { id, trace }: Span): ReadonlyArray<Span> =>
  spans.filter((span) => attempt.test(span.name) && span.parent === id && span.trace === trace)

/** Whether something is true of each call of a caller; there is one operation for each. */
const ofEachCall =
  (caller: Caller, isRight: (call: (typeof calls)[number], operation: Span, recording: Recording) => boolean) =>
  (recording: Recording): Outcome =>
    recording.callers.includes(caller)
      ? calls.every((call) => {
          const [operation, ...others] = operationsOf(recording, caller, call.order)
          return operation !== undefined && others.length === 0 && isRight(call, operation, recording)
        })
      : undefined

const ofBoth =
  (isRight: (call: (typeof calls)[number], operation: Span, recording: Recording) => boolean) =>
  (recording: Recording): Outcome =>
    recording.callers.every((caller) => ofEachCall(caller, isRight)(recording) === true)

const hasAttempts = (call: (typeof calls)[number], operation: Span, recording: Recording): boolean =>
  attemptsOf(recording, operation).length === call.attempts.length

/** What the client sends by itself. */
const sent = /^(host|connection|content-length|accept|authorization|x-acs-[a-z0-9-]+)$/

const shows = ({ requests }: Recording, secrets: ReadonlyArray<string>): boolean =>
  requests.some(({ body, headers, url }) =>
    secrets.some((secret) => url.includes(secret) || headers.includes(secret) || body.includes(secret))
  )

/** What holds even if the tool is not set up for the client, unless the stack says otherwise. */
export const privacy = [
  "No id, key, signature or person in anything sent",
  "No header of the tool's reaches the vendor"
]

/** In the order of the table. */
export const assertions: ReadonlyArray<readonly [title: string, holds: (recording: Recording) => Outcome]> = [
  ["Effect client: the operation below the caller", ofEachCall("effect", () => true)],
  ["Effect client: its attempts below the operation", ofEachCall("effect", hasAttempts)],
  ["Promise client: the operation below the caller", ofEachCall("promise", () => true)],
  ["Promise client: its attempts below the operation", ofEachCall("promise", hasAttempts)],
  [
    "No request twice: the tool's own HTTP spans leave the vendor out",
    ({ attempt, exchanges, operation, spans }) =>
      exchanges.length > 0 &&
      spans.filter(({ name }) => attempt.test(name)).length <= exchanges.length &&
      spans.every(
        ({ name, text }) =>
          operation.test(name) || attempt.test(name) || !/cloudauth-intl\.vendor/.test(text) || !/"POST"/.test(text)
      )
  ],
  ["The operation is a client's span", ofBoth((_, { kind }) => kind === "client")],
  ["Its name ends in `checkResult`", ofBoth((_, { name }) => /\bcheckResult$/i.test(name))],
  ["The tool has a type for it", ofBoth((_, { type }) => type !== undefined && !/^(unknown|custom|)$/i.test(type))],
  ["The peer is `Cloudauth`", ofBoth((_, { peer }) => peer === "Cloudauth")],
  ["A failed call and a failed attempt are errors", ofBoth(hasFailed)],
  ["A rejection and a call that a retry saved are none", ofBoth((call, { failed }) => call.failed || !failed)],
  ["No id, key, signature or person in anything sent", (recording) => !shows(recording, recording.secrets)],
  ["No header of the tool's reaches the vendor", hasOwnHeadersOnly],
  [
    "The callback's span has neither token nor id",
    (recording) =>
      recording.spans.some(({ kind, text }) => kind === "server" && text.includes("/cloudauth/callback")) &&
      !shows(recording, recording.callbackSecrets)
  ],
  ["Metrics", ({ requests }) => requests.some(({ body }) => body.includes("cloudauth.verdicts"))]
]

function hasFailed(call: (typeof calls)[number], operation: Span, recording: Recording): boolean {
  const failed = attemptsOf(recording, operation).map((attempt) => attempt.failed)
  const isRight = failed.length === 0 || count(failed) === count(call.attempts)
  return isRight && (!call.failed || operation.failed)
}

const count = (flags: ReadonlyArray<boolean>): number => flags.filter(Boolean).length

function hasOwnHeadersOnly({ exchanges }: Recording): boolean {
  return exchanges.length > 0 && exchanges.every(({ headers }) => Object.keys(headers).every((name) => sent.test(name)))
}
