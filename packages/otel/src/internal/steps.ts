/** The kinds of Effect's steps that run without entering a span's OpenTelemetry context. */
import { SpanName } from "@effect-cloudauth/core/Telemetry"

// Entering a context costs a quarter of a microsecond, and a call takes a hundred steps. A step enters only if code of
// other libraries can run in it. A kind of step that is not listed here enters.

/** Whether a step of a kind need not enter. */
export type Skips = (kind: unknown) => boolean

/** Steps that push a continuation and run nothing. */
export const pushes: Skips = (kind) =>
  kind === "OnSuccess" || kind === "Exit" || kind === "OnExit" || kind === "OnFailure" || kind === "OnSuccessAndFailure"

/** The steps that run only the client's own code while one of its own spans is current. */
const clientSteps: Skips = (kind) =>
  kind === "Success" ||
  kind === "WithFiber" ||
  kind === "Suspend" ||
  kind === "Failure" ||
  pushes(kind) ||
  kind === "WithFiberSucceed" ||
  kind === "AsyncFinalizer" ||
  kind === "While"

const clientSpans: ReadonlySet<string> = new Set([
  SpanName.awaitResult,
  SpanName.checkResult,
  SpanName.initialize,
  SpanName.deleteVerifyResult,
  SpanName.checkVerifyLog,
  SpanName.attempt
])

/** The steps that need not enter the context of a span. */
export const skippedIn = (spanName: string): Skips => (clientSpans.has(spanName) ? clientSteps : pushes)
