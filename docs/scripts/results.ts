/** The page "What a result means": the rules of the verdict, the findings, and what the standard policy makes of them. */
import * as Advice from "@effect-cloudauth/core/Advice"
import * as Assessment from "@effect-cloudauth/core/Assessment"
import * as DecisionPolicy from "@effect-cloudauth/core/DecisionPolicy"
import * as SubCode from "@effect-cloudauth/core/SubCode"
import * as Verdict from "@effect-cloudauth/core/Verdict"
import { keyOf, type Language, translator } from "./languages.ts"
import { code, pageIn, table, text } from "./markdown.ts"

const { standard } = DecisionPolicy

type Rules = Readonly<Partial<Record<string, DecisionPolicy.Outcome>>>

/** What a policy has no rule for is reviewed. */
const outcomeOf = (rules: Rules, rule: string): string => code(rules[rule] ?? "review")

const subCodes = [...Object.values(SubCode.table), SubCode.fromCode("another")]

const everyText = [
  ...subCodes.map((subCode) => [code(subCode._tag), Advice.ofSubCode(subCode).user] as const),
  ["every reason code", Advice.neutral] as const,
  ...Assessment.findingCodes.map((finding) => [code(finding), Advice.ofFinding(finding).user] as const)
]

/** The rows of each table, in a language. */
const rowsIn = (language: Language) => {
  const t = translator(language)
  const key = keyOf[language]
  return {
    reasons: Verdict.reasonCodes.map((reason) => [
      code(reason),
      text(Advice.ofReason(reason).reviewer[key]),
      outcomeOf(standard.inconclusive, reason)
    ]),
    subCodes: subCodes.map((subCode) => [
      subCode._tag === "UnknownSubCode" ? t("any other") : subCode.code,
      code(subCode._tag),
      text(t(subCode.meaning)),
      text(Advice.ofSubCode(subCode).reviewer[key]),
      subCode._tag === "AuthenticationPassed" ? code(standard.passed) : outcomeOf(standard.rejected, subCode._tag)
    ]),
    findings: Assessment.findingCodes.map((finding) => [
      code(finding),
      t(Assessment.findings[finding].severity),
      text(Advice.ofFinding(finding).reviewer[key]),
      code(Assessment.findings[finding].nextStep),
      outcomeOf(standard.findings, finding)
    ]),
    userTexts: [...new Set(everyText.map(([, texts]) => texts))].map(({ en, zhHans, zhHant }) => [
      everyText
        .filter(([, texts]) => texts.en === en)
        .map(([name]) => (name.startsWith("`") ? name : t(name)))
        .join(", "),
      en,
      zhHant,
      zhHans
    ])
  }
}

export const results = (language: Language = "en"): string => {
  const t = translator(language)
  const rows = rowsIn(language)
  return pageIn(
    t,
    "What a result means",
    "`Verdict.ts`, `Assessment.ts`, `DecisionPolicy.ts` and `Advice.ts`",
    t(`A result goes through three steps. The *verdict* is what the service decided, if the answer is complete, agrees with itself and is about what
was asked for. The *assessment* adds findings: what a careful reviewer would see beside. The *decision* is what your policy makes of both.
The last column of each table is the outcome of \`DecisionPolicy.standard\`. The worst outcome that applies is the decision: \`accept\`, \`retake\`,
\`review\`, \`decline\`, from the best to the worst.`),
    t("## Verdict: passed and rejected"),
    t(
      "The verdict is `Passed` only if `Passed` is `Y`, the sub code is 200 and no reason below applies. It is `Rejected` if `Passed` is `N` with another sub code."
    ),
    table(["sub code", "tag", "meaning", "for the reviewer", "standard"].map(t), rows.subCodes),
    t("## Verdict: inconclusive"),
    t("Any of these makes the verdict `Inconclusive`, which no policy can accept. They are looked for in this order."),
    table(["reason code", "for the reviewer", "standard"].map(t), rows.reasons),
    t("## Findings"),
    t(`\`Assessment.of\` finds these. Which checks run depends on what it knows: \`minimumAge\`, \`expiresWithin\`, \`claim\` and \`imagesRequested\` are
options, and the document, the pages and the anti-spoofing check come from the expectation. A date counts in the time of Hong Kong unless
\`now\` has a zone. A document is valid through its last day. For a rejected document it is not asked whether the
anti-spoofing check was on, or which of several documents it is.`),
    table(["code", "severity", "for the reviewer", "next step", "standard"].map(t), rows.findings),
    t(`- Check digits are computed for Hong Kong identity cards and for PRC resident identity cards (GB 11643). The rules for Macao cards and for the
  travel permits are not published, so only the shape of their numbers is checked.
- Country codes are those of ICAO Doc 9303, part 3, with \`D\`, the special codes, and \`DEU\`. \`UTO\` is the country of ICAO's specimens: no policy should
  accept it in production. The emulator's passports have it, so the standard policy reviews them; its other documents are accepted.
- A claim is compared without case, spaces, hyphens, middle dots, full width and marks. Latin is compared with Latin, Chinese with Chinese.
  What can't be compared is a finding, too.`),
    t("## What the person may read"),
    t(
      `\`Decision\` has the text that fits its outcome. While a case is reviewed, or if a forgery is suspected, it is always a general one.`
    ),
    table(["for", "English", "Traditional Chinese", "Simplified Chinese"].map(t), rows.userTexts)
  )
}
