/** The parts of the declarations that have type parameters. Everything else is printed from the sources' own types. */

/** The methods of a client. The build fails if `Client` has another one. */
export const methods: Readonly<Record<string, string>> = {
  initialize: "(request: InitializeRequest, options?: InitializeOptions) => Promise<Initialized>",
  checkStored:
    "<N extends DocumentName | undefined = undefined>(request: StoredRequest<N>, options?: CallOptions) => Promise<Assessed<ReadingOf<N>>>",
  awaitStored:
    "<N extends DocumentName | undefined = undefined>(request: StoredRequest<N>, options?: AwaitOptions) => Promise<Assessed<ReadingOf<N>>>",
  pendingResult:
    "(request: StoredRequest<DocumentName | undefined>, options?: Pick<AwaitOptions, 'timeout'>) => Promise<PendingResult>",
  resumeStored: "(pending: PendingResult, options?: AwaitOptions) => Promise<Assessed>",
  decide:
    "(policy: DecisionPolicy, result: Decidable & { readonly transactionId?: string | undefined }) => Promise<Decision>",
  callbackHandler: "(options: CallbackOptions) => (request: globalThis.Request) => Promise<Response>",
  checkResult:
    "<N extends DocumentName | undefined = undefined>(request: Request<N>, options?: CallOptions) => Promise<CheckResult<ReadingOf<N>>>",
  awaitResult:
    "<N extends DocumentName | undefined = undefined>(request: Request<N>, options?: AwaitOptions) => Promise<CheckResult<ReadingOf<N>>>",
  resume: "(pending: PendingResult, options?: AwaitOptions) => Promise<CheckResult>",
  close: "() => Promise<void>"
}

export const header = `/** A value that logs and JSON don't show. \`reveal\` does. */
export interface Redacted<out A = string> {
  readonly label: string | undefined
  /** Only the type has it. */
  readonly "~value"?: A
}

/** Milliseconds, or a text such as "5 seconds". */
export type DurationInput = number | \`\${number} \${"milli" | "millis" | "second" | "seconds" | "minute" | "minutes" | "hour" | "hours"}\`

/** The name of a document. */
export type DocumentName = keyof Documents

/** The fields of any document. */
export type Fields = Documents[DocumentName]

/** Nothing was read. */
export interface NotRead { readonly _tag: "NotRead" }
/** What was read is no document. */
export interface Unreadable { readonly _tag: "Unreadable"; readonly raw: Redacted<unknown> }
/** The fields fit several documents. */
export interface Ambiguous {
  readonly _tag: "Ambiguous"
  readonly candidates: ReadonlyArray<DocumentName>
  readonly raw: Redacted<Readonly<Record<string, unknown>>>
}
/** The document was read. \`reveal\` shows its fields. */
export interface Read<out F = Fields> {
  readonly _tag: "Read"
  readonly document: DocumentName
  readonly fields: Redacted<F>
  readonly raw: Redacted<Readonly<Record<string, unknown>>>
}
export type Reading = NotRead | Unreadable | Read | Ambiguous
/** What is read of a document by its name; inferred without one. */
export type ReadingOf<N extends DocumentName | undefined = undefined> = N extends DocumentName
  ? NotRead | Unreadable | Read<Documents[N]>
  : Reading

/** What the result is held against: only the document's name, or all that was asked for at Initialize. */
export type About<N extends DocumentName | undefined> = [undefined] extends [N]
  ? { readonly document?: N | undefined; readonly expect?: Expect<N> | undefined }
  :
      | { readonly document: N; readonly expect?: undefined }
      | { readonly expect: Expect<N> & { readonly document: N }; readonly document?: undefined }
export interface Expect<out N extends DocumentName | undefined = DocumentName | undefined> extends Expectation {
  /** The document that was asked for; \`documents\` if there are several. */
  readonly document?: N | undefined
}
/** The request of a call, and what its result is held against. */
export type Request<N extends DocumentName | undefined = undefined> = CheckResultRequest & About<N>
/** A request about a stored transaction, by either of its ids. */
export type StoredRequest<N extends DocumentName | undefined = undefined> = Omit<
  CheckResultRequest,
  "merchantBizId" | "transactionId"
> &
  (
    | { readonly merchantBizId: string; readonly transactionId?: string | undefined }
    | { readonly transactionId: string; readonly merchantBizId?: string | undefined }
  ) &
  About<N>
/** A result with the findings of its assessment. */
export type Assessed<R = Reading> = CheckResult<R> & { readonly findings: ReadonlyArray<Finding> }
export interface Collected {
  readonly transaction: StoredTransaction
  readonly result: Assessed
}
/** What decides: a verdict and its findings. */
export interface Decidable {
  readonly verdict: Verdict
  readonly findings: ReadonlyArray<Finding>
}
export type Verdict = Passed | Rejected | Inconclusive
export type Decision = Accept | Retake | Review | Decline
interface VerdictCases<A, B, C> {
  readonly Passed: (verdict: Passed) => A
  readonly Rejected: (verdict: Rejected) => B
  readonly Inconclusive: (verdict: Inconclusive) => C
}
interface AssessmentCases<A, B, C> {
  readonly Passed: (assessed: { readonly verdict: Passed; readonly findings: ReadonlyArray<Finding> }) => A
  readonly Rejected: (assessed: { readonly verdict: Rejected; readonly findings: ReadonlyArray<Finding> }) => B
  readonly Inconclusive: (assessed: { readonly verdict: Inconclusive; readonly findings: ReadonlyArray<Finding> }) => C
}
interface DecisionCases<A, B, C, D> {
  readonly accept: (decision: Accept) => A
  readonly retake: (decision: Retake) => B
  readonly review: (decision: Review) => C
  readonly decline: (decision: Decline) => D
}
/** What a careful reviewer would see in a result beside the verdict. */
export declare const Assessment: {
  readonly assess: <R extends CheckResult<Reading>>(result: R, options: AssessmentOptions | number) => R & { readonly findings: ReadonlyArray<Finding> }
  readonly match: <A, B, C>(assessed: Decidable, cases: AssessmentCases<A, B, C>) => A | B | C
}
/** The decision on an assessed result. */
export declare const Decision: {
  readonly of: (policy: DecisionPolicy, result: Decidable) => Decision
  readonly match: <A, B, C, D>(decision: Decision, cases: DecisionCases<A, B, C, D>) => A | B | C | D
}
/** Which verdicts and findings lead to which decision. */
export declare const DecisionPolicy: {
  readonly standard: DecisionPolicy
  readonly make: (policy: DecisionPolicy) => DecisionPolicy
}
/** What the service says of a document. */
export declare const Verdict: {
  readonly match: <A, B, C>(verdict: Verdict, cases: VerdictCases<A, B, C>) => A | B | C
  readonly explain: (verdict: Inconclusive) => string
}
/** Creates a client. Nothing is sent before the first call. Throws if an option is wrong. */
export declare const createClient: (options?: ClientOptions) => Client
/** Makes a handler for \`node:http\`, Express and Connect of a web-standard one. */
export declare const nodeHandler: (
  handler: (request: globalThis.Request) => Promise<Response>
) => (request: IncomingMessage, response: ServerResponse, next?: (error: unknown) => void) => Promise<void>
/** Shows what a result keeps out of logs: a document's fields, an image's bytes, or anything \`Redacted\`. */
export declare const reveal: {
  <F>(reading: NotRead | Unreadable | Read<F>): F | undefined
  (reading: Reading): Fields | undefined
  (image: IdImage | undefined): Uint8Array | undefined
  <A>(redacted: Redacted<A>): A
  <A>(redacted: Redacted<A> | undefined): A | undefined
}
`

/** The declarations of the module of texts. */
export const advice = `/** Texts in English and in both Chinese scripts: for the user, and for your reviewer. */
import type { Advice, CloudauthError, Finding, Inconclusive, SubCode, Texts } from "./index.js"

/** The texts of a sub code. */
export declare const ofSubCode: (subCode: Pick<SubCode, "_tag">) => Advice
/** The texts of the reason of an inconclusive verdict. */
export declare const ofReason: (reasonCode: Inconclusive["reasonCode"]) => Advice
/** The texts of a finding. */
export declare const ofFinding: (code: Finding["code"]) => Advice
/** The texts of an error's \`advice\`. */
export declare const ofError: (error: Pick<CloudauthError, "advice">) => Texts
`
