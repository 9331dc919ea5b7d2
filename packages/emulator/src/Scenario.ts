/**
 * What the service answers for a transaction. A scenario is plain data: it can be written in TypeScript with the
 * constructors below or sent as JSON to the admin API, and means the same in both.
 *
 * @example
 * import * as Scenario from "@effect-cloudauth/emulator/Scenario"
 *
 * const recovering = Scenario.sequence([
 *   Scenario.throttled({ retryAfterMillis: 50 }),
 *   Scenario.throttled({ retryAfterMillis: 50 }),
 *   Scenario.passed({ document: "global-passport" })
 * ])
 * const expired = Scenario.expired({ document: "macao-resident-identity-card" })
 *
 * @since 0.1.0
 */
export {
  Appended,
  ErrorFormat,
  FieldValue,
  Form,
  Images,
  Nesting,
  RelativeDate,
  Scenario,
  Sequence,
  Spoof,
  Step,
  type Verdict,
  type VerdictOptions
} from "./internal/scenario/model.ts"
// The answers of every day.
export {
  errorCode,
  notCompleted,
  passed,
  raw,
  rejected,
  sequence,
  spoofed,
  throttled,
  undecided
} from "./internal/scenario/steps.ts"
// Passes that a careful reviewer would look at again.
export {
  editedByUser,
  expired,
  expiresSoon,
  imageMissing,
  implausibleBirthDate,
  missingField,
  notYetValid,
  numberContradicts,
  otherDocument,
  otherEdition,
  sidesDisagree,
  spoofNotReported,
  underage,
  unknownCountry,
  unknownFields,
  wrongCheckDigit
} from "./internal/scenario/findings.ts"
// Answers that contradict themselves.
export { type Contradiction, contradictory, type Repeatable, repeatedKey } from "./internal/scenario/contradictions.ts"
// The ids that need no registration.
export { lookup, wellKnown, wellKnownTable } from "./internal/scenario/wellKnown.ts"
