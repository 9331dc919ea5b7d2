/** What the demo prints: in colour if the terminal supports it, at most 110 columns wide. */
import { Decision, Document, Verdict } from "@effect-cloudauth/core"
import type { CheckResult } from "@effect-cloudauth/core/CheckResult"
import type { CloudauthError } from "@effect-cloudauth/core/CloudauthError"
import type { Call } from "@effect-cloudauth/emulator/Call"
import { styleText } from "node:util"

type Result = CheckResult<Document.Reading>

const bold = (text: string) => styleText("bold", text)
const dim = (text: string) => styleText("dim", text)

export const title = (url: string): void => {
  console.log(`${bold("effect-cloudauth")} against a CheckResult service on this machine, ${url}`)
  console.log(dim("Real HTTP and real signatures; the people are fictitious."))
}

export const heading = (text: string): void => console.log(`\n${bold(text)}`)

/** Keeps the shape of a text and hides what it says. */
const mask = (text: string): string => text.replace(/[\p{L}\p{N}]/gu, "•")

const fieldText = (value: unknown): string =>
  typeof value === "object" && value !== null && "raw" in value ? String(value.raw) : String(value)

/** The number and the birth date of a person, and how much more was read. */
const fieldsText = (fields: Document.Fields, reveal: boolean): string => {
  const all = Object.entries(fields).map(([name, value]) => [name, fieldText(value)] as const)
  const shown = all.filter(([name]) => /^(idNumber|passportNo|birthDate)$/.test(name))
  const texts = shown.map(([, text]) => (reveal ? text : mask(text)))
  return `${texts.join("  ").padEnd(34)}${dim(`+ ${all.length - shown.length} fields`)}`
}

const verdictText = (verdict: Verdict.Verdict, width: number): string =>
  Verdict.match(verdict, {
    Passed: () => styleText("green", "✔ Passed".padEnd(width)),
    Rejected: ({ subCode }) => styleText("red", `✘ Rejected ${subCode.code}`.padEnd(width)),
    Inconclusive: () => styleText("yellow", "? Inconclusive".padEnd(width))
  })

const decisionText = (decision: Decision.Decision): string =>
  Decision.match(decision, {
    accept: () => styleText("green", "accept"),
    retake: ({ userText }) => `${styleText("yellow", "retake")}  ${dim(first(userText.en))}`,
    review: ({ decidedBy }) => `${styleText("yellow", "review")}  ${dim(reason(decidedBy))}`,
    decline: ({ userText }) => `${styleText("red", "decline")} ${dim(first(userText.en))}`
  })

const reason = Decision.DecidedBy.match({
  Verdict: ({ code }) => code,
  Finding: ({ finding }) => finding.code,
  NotAssessed: () => "not assessed"
})

/** The first statement of a text: what fits on the line. */
const first = (text: string): string => `“${/^[^.,:]+/.exec(text)?.[0] ?? text}.”`

export const document = (name: Document.Name, result: Result, reveal: boolean): void => {
  const title = Document.titles[name].replace("for Travelling to and from", "for")
  const fields = Document.reveal(result.ocr)
  console.log(
    `  ${verdictText(result.verdict, 10)}${title.padEnd(60)}${fields === undefined ? "" : fieldsText(fields, reveal)}`
  )
}

export const outcome = (what: string, result: Result, decision: Decision.Decision): void =>
  console.log(`  ${verdictText(result.verdict, 16)}${what.padEnd(34)}${decisionText(decision)}`)

/** One line: how the attempts were answered, and how long the client waited after each. */
export const attempts = (what: string, calls: ReadonlyArray<Call>, waits: ReadonlyArray<number>): void => {
  const steps = calls.map(({ status }, index) => {
    const wait = waits[index]
    return `${status}${wait === undefined ? "" : dim(` (${Math.round(wait)} ms)`)}`
  })
  console.log(`  ${what.padEnd(26)}${calls[0]?.code} ${dim("·")} ${steps.join(dim(" → "))}`)
}

export const failure = (what: string, error: CloudauthError): void => {
  console.log(`  ${what.padEnd(26)}${error.httpStatus} ${styleText("red", error._tag)}`)
  console.log(`  ${"".padEnd(26)}${dim(`for the operator: ${first(error.advice)}`)}`)
}

export const closing = (calls: number, reveal: boolean): void => {
  console.log(`\n${bold("Done.")} ${calls} signed calls, every answer decoded.`)
  if (!reveal) console.log(dim("The people's fields are masked: npx -y pnpm@12 demo --reveal shows them."))
  console.log(`
Next:
  ${bold("copy")}   examples/quickstart/main.ts   the smallest program; it runs here without an account
  ${bold("learn")}  docs/tutorial.md              from nothing to a tested verdict in ten minutes
  ${bold("play")}   npx -y pnpm@12 emulator       the service that you just saw, with a page to watch its calls`)
}
