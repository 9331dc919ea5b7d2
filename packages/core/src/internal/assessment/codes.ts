/** Every finding: how grave it is, and what helps. */

interface Facts {
  readonly severity: "info" | "warning" | "critical"
  readonly nextStep:
    | "None"
    /** Ask the user for a new image. */
    | "RetakeImage"
    /** Ask the user for another document. */
    | "UseAnotherDocument"
    /** Let a person look at it. */
    | "Review"
    /** Your server asked for too little: change its request. */
    | "ChangeRequest"
}

export const table = {
  DocumentMismatch: { severity: "critical", nextStep: "UseAnotherDocument" },
  DocumentUndecided: { severity: "warning", nextStep: "ChangeRequest" },
  EvidenceUnreadable: { severity: "critical", nextStep: "Review" },
  BackNotRead: { severity: "warning", nextStep: "RetakeImage" },
  SpoofNotRequested: { severity: "warning", nextStep: "ChangeRequest" },
  SpoofNotReported: { severity: "warning", nextStep: "Review" },
  SpoofUnconfirmed: { severity: "warning", nextStep: "ChangeRequest" },
  SpoofRisk: { severity: "critical", nextStep: "Review" },
  Expired: { severity: "critical", nextStep: "UseAnotherDocument" },
  ExpiresWithin: { severity: "warning", nextStep: "UseAnotherDocument" },
  NotYetValid: { severity: "critical", nextStep: "Review" },
  DateUnreadable: { severity: "warning", nextStep: "Review" },
  SexUnreadable: { severity: "warning", nextStep: "Review" },
  DatesContradict: { severity: "critical", nextStep: "Review" },
  BirthDateImplausible: { severity: "critical", nextStep: "Review" },
  Underage: { severity: "critical", nextStep: "Review" },
  NumberMalformed: { severity: "warning", nextStep: "Review" },
  CheckDigitWrong: { severity: "critical", nextStep: "Review" },
  NumberContradictsBirthDate: { severity: "critical", nextStep: "Review" },
  NumberContradictsSex: { severity: "critical", nextStep: "Review" },
  CountryCodeUnknown: { severity: "warning", nextStep: "Review" },
  SpecimenDocument: { severity: "critical", nextStep: "Review" },
  RequiredFieldMissing: { severity: "warning", nextStep: "RetakeImage" },
  EditedByUser: { severity: "warning", nextStep: "Review" },
  DiffersFromClaim: { severity: "critical", nextStep: "Review" },
  ClaimNotCompared: { severity: "warning", nextStep: "Review" },
  FrontAndBackDisagree: { severity: "critical", nextStep: "Review" },
  ImageMissing: { severity: "warning", nextStep: "Review" },
  FieldsUnknown: { severity: "info", nextStep: "None" },
  OtherEdition: { severity: "info", nextStep: "None" }
} as const satisfies Readonly<Record<string, Facts>>

export type Code = keyof typeof table

export const codes = Object.keys(table) as ReadonlyArray<Code> // the keys of a literal record

/** A finding, as a check makes it. */
export interface Found {
  readonly code: Code
  readonly severity: Facts["severity"]
  readonly nextStep: Facts["nextStep"]
  readonly side?: "front" | "back"
  readonly field?: string
  readonly keys?: ReadonlyArray<string>
}

/** Where a finding was made. */
type Place = Pick<Found, "side" | "field" | "keys">

export const found = (code: Code, place: Place = {}): Found => ({ code, ...table[code], ...place })
