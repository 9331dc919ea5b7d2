/** What the demo prints: in colour if the terminal supports it. */
import * as Advice from "@effect-cloudauth/core/Advice"
import type { CheckResult } from "@effect-cloudauth/core/CheckResult"
import type { CloudauthError } from "@effect-cloudauth/core/CloudauthError"
import * as Document from "@effect-cloudauth/core/Document"
import type { IdImage } from "@effect-cloudauth/core/IdImage"
import * as SubCode from "@effect-cloudauth/core/SubCode"
import * as Verdict from "@effect-cloudauth/core/Verdict"
import type { Call } from "@effect-cloudauth/emulator/Call"
import { styleText } from "node:util"

type Result = CheckResult<Document.Reading>

const bold = (text: string) => styleText("bold", text)
const dim = (text: string) => styleText("dim", text)

const verdictText = (verdict: Verdict.Verdict): string =>
  Verdict.match(verdict, {
    Passed: () => styleText("green", "Passed"),
    Rejected: ({ subCode }) => styleText("red", `Rejected ${subCode.code} ${subCode._tag}`),
    Inconclusive: (verdict) => styleText("yellow", `Inconclusive: ${Verdict.explain(verdict)}`)
  })

export const title = (url: string): void => {
  console.log(bold("effect-cloudauth"), `against an embedded CheckResult service at ${url}`)
  console.log(dim("Real HTTP, real ACS3-HMAC-SHA256 signatures; the people are fictitious."))
}

export const heading = (text: string): void => console.log(`\n${bold(text)}`)

/** Keeps the shape of a text and hides what it says. */
const mask = (text: string): string => text.replace(/[\p{L}\p{N}]/gu, "•")

const fieldText = (value: unknown): string =>
  typeof value === "object" && value !== null && "raw" in value ? String(value.raw) : String(value)

const imageText = (side: string, image: IdImage | undefined): string | undefined =>
  image === undefined ? undefined : `${side} ${image.mediaType}, ${(image.size / 1024).toFixed(1)} KiB`

export const document = (name: Document.Name, result: Result, reveal: boolean): void => {
  const images = [imageText("front", result.images.front), imageText("back", result.images.back)]
  console.log(`  ${verdictText(result.verdict)}  ${bold(Document.titles[name])}`)
  const fields = Object.entries({ ...Document.reveal(result.ocr) }).map(
    ([field, value]) => `${dim(field)} ${reveal ? fieldText(value) : mask(fieldText(value))}`
  )
  console.log(`    ${fields.join("  ")}`)
  console.log(dim(`    ${images.filter((text) => text !== undefined).join("; ")}`))
}

export const verdict = (transactionId: string, result: Result): void => {
  const { verdict } = result
  console.log(`  ${transactionId.padEnd(20)} ${verdictText(verdict)}`)
  const { reviewer, user } =
    verdict._tag === "Inconclusive" ? Advice.ofReason(verdict.reasonCode) : Advice.ofSubCode(verdict.subCode)
  const isBilled = verdict.subCode !== undefined && SubCode.isBilled(verdict.subCode) === true
  console.log(dim(`    for the user:     ${user.en}`))
  console.log(dim(`    for the reviewer: ${reviewer.en} ${isBilled ? "(billed authentication)" : ""}`))
}

export const spoof = (result: Result): void => {
  const { front } = result.spoof
  console.log(`  ${verdictText(result.verdict)}`)
  console.log(`  anti-spoofing: ${styleText("red", front._tag)} ${front.types.join(", ")}`)
  console.log(dim(`    request ${result.requestId}`))
}

export const attempts = (calls: ReadonlyArray<Call>, waits: ReadonlyArray<number>, result: Result): void => {
  calls.forEach((call, index) => {
    const wait = waits[index]
    const then = wait === undefined ? "" : dim(`  waits ${Math.round(wait)} ms, signs anew`)
    console.log(`  attempt ${index + 1}  HTTP ${call.status} ${call.code}${then}`)
  })
  console.log(`  ${verdictText(result.verdict)}`)
}

export const failure = (error: CloudauthError): void => {
  console.log(`  ${styleText("red", error._tag)}  HTTP ${error.httpStatus}, request ${error.requestId}`)
  console.log(`  for the operator: ${error.advice}`)
}

export const closing = (calls: number, reveal: boolean): void => {
  console.log(`\n${bold("Done.")} ${calls} signed calls, every answer decoded.`)
  if (!reveal) console.log(dim("Fields are masked; `npx -y pnpm@12 demo --reveal` shows them."))
  console.log(dim("Next: examples/quickstart/main.ts is the smallest program to copy, README.md tells the rest."))
}
