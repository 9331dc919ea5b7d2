/** What a person may read of a decision. */
import type { DecidedBy } from "./decidedBy.ts"
import type { Outcome } from "../../DecisionPolicy.ts"
import { type Texts, user } from "../advice/texts.ts"
import { findings, subCodes, told } from "../advice/told.ts"
import type { Decidable } from "./candidates.ts"

/** The texts that tell the person how to go on, and fit the outcome. */
const fitting: Readonly<Record<"retake" | "decline", ReadonlyArray<Texts>>> = {
  retake: [user.quality, user.notFound, user.otherDocument, user.expired, user.expiresSoon],
  decline: [user.expired, user.expiresSoon, user.age]
}

const general = { accept: user.received, retake: user.again, review: user.contact, decline: user.declined } as const

/** The text of a decision. If a forgery is suspected it is the general one, whatever else there is to say. */
export const userTextOf = (outcome: Outcome, decidedBy: DecidedBy, result: Decidable): Texts => {
  const own = ownTextOf(decidedBy)
  const isTold = outcome === "retake" || outcome === "decline" ? fitting[outcome].includes(own) : false
  return isTold && !isRisk(result) ? own : general[outcome]
}

const ownTextOf = (decidedBy: DecidedBy): Texts => {
  if (decidedBy._tag === "Finding") return told(findings, decidedBy.finding.code)
  if (decidedBy._tag === "Verdict" && decidedBy.verdict === "Rejected") return told(subCodes, decidedBy.code)
  return user.contact
}

const isRisk = ({ findings, verdict }: Decidable): boolean =>
  verdict.subCode?._tag === "CounterfeitRisk" ||
  (verdict._tag === "Inconclusive" && verdict.reasonCode.startsWith("Spoof")) ||
  findings.some(({ code }) => code === "SpoofRisk" || code === "SpecimenDocument")
