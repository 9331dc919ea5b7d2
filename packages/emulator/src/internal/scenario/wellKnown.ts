/** The transaction ids that answer without any registration: one list for the answers and for the README's table. */
import * as Document from "../../Document.ts"
import * as ResponseCode from "../../ResponseCode.ts"
import { contradictory, type Contradiction, type Repeatable, repeatedKey } from "./contradictions.ts"
import * as Findings from "./findings.ts"
import type { Scenario, Step } from "./model.ts"
import { errorCode, notCompleted, passed, rejected, sequence, spoofed, throttled, undecided } from "./steps.ts"

const times = (count: number, step: Step): [Step, ...ReadonlyArray<Step>] => [
  step,
  ...Array.from({ length: count - 1 }, () => step)
]

/** Starts again after its last answer, so that a program prints the same each time it runs. */
const inTurn = (steps: [Step, ...ReadonlyArray<Step>]): Scenario => sequence(steps, "start-anew")

type Row = readonly [id: string, scenario: Scenario, answers: string]

const verdicts: ReadonlyArray<Row> = [
  ["hksb-rejected-211", rejected("211"), "rejected: the image is not good enough"],
  ["hksb-rejected-212", rejected("212"), "rejected: a risk of forgery"],
  ["hksb-rejected-213", rejected("213"), "rejected: the document was not found"],
  ["hksb-spoofed", spoofed(), "rejected: taken from a screen"],
  ["hksb-undecided", undecided(), "`Passed` is `P`, always"],
  [
    "hksb-undecided-then-rejected",
    inTurn([undecided(), undecided(), spoofed()]),
    "`Passed` is `P` twice, then rejected, then again"
  ],
  ["hksb-pending", notCompleted, "`ProcessNotCompleted`, always"],
  [
    "hksb-pending-three",
    inTurn([...times(3, notCompleted), passed()]),
    "`ProcessNotCompleted` three times, then passed, then again"
  ]
]

const nesting: ReadonlyArray<Row> = [
  [
    "hksb-nested-object",
    passed({ nesting: { extIdInfo: "object", inner: "object" } }),
    "the nested documents as objects"
  ],
  [
    "hksb-nested-double",
    passed({ nesting: { extIdInfo: "double", inner: "double", spoofType: "string" } }),
    "encoded once more, and `spoofType` as text"
  ],
  ["hksb-nested-empty", passed({ nesting: { inner: "empty" } }), "the inner documents are empty texts"],
  ["hksb-nested-malformed", passed({ nesting: { ocrIdInfo: "malformed" } }), "`ocrIdInfo` is cut off"],
  [
    "hksb-escaped",
    passed({ nesting: { escape: "inner" }, images: { bytes: 40_000 } }),
    "`=` and `/` are escaped for HTML"
  ],
  ["hksb-large-images", passed({ back: true, images: { bytes: 400_000 } }), "two images of 400,000 bytes each"]
]

/** Passed, with something that a careful reviewer would see. */
const findings: ReadonlyArray<Row> = [
  ["hksb-expired", Findings.expired(), "passed: a passport that expired 30 days ago"],
  ["hksb-expires-soon", Findings.expiresSoon(), "passed: a passport that expires in 20 days"],
  ["hksb-not-yet-valid", Findings.notYetValid(), "passed: a permit that is issued in ten days"],
  ["hksb-implausible-birth-date", Findings.implausibleBirthDate(), "passed: born in five years"],
  ["hksb-underage", Findings.underage(), "passed: 16 years old"],
  ["hksb-wrong-check-digit", Findings.wrongCheckDigit(), "passed: a Hong Kong number with a wrong check digit"],
  [
    "hksb-wrong-check-digit-prc",
    Findings.wrongCheckDigit({ document: "prc-resident-identity-card" }),
    "passed: the same with a PRC number"
  ],
  [
    "hksb-wrong-check-digit-macao",
    Findings.wrongCheckDigit({ document: "macao-resident-identity-card" }),
    "passed: a Macao number with a letter as its check digit"
  ],
  [
    "hksb-number-contradicts-birth-date",
    Findings.numberContradicts("birthDate"),
    "passed: a PRC number of another birth date"
  ],
  ["hksb-number-contradicts-sex", Findings.numberContradicts("sex"), "passed: a PRC number of the other sex"],
  ["hksb-unknown-country", Findings.unknownCountry(), "passed: a passport of `QQQ`"],
  ["hksb-missing-field", Findings.missingField(), "passed: the number was not read"],
  ["hksb-edited", Findings.editedByUser(), "passed: the user changed a field"],
  ["hksb-sides-disagree", Findings.sidesDisagree(), "passed: the back has another number and expiry date"],
  ["hksb-image-missing", Findings.imageMissing(), "passed: the front's image does not come"],
  ["hksb-unknown-fields", Findings.unknownFields(), "passed: fields that no table names"],
  ["hksb-other-edition", Findings.otherEdition(), "passed: the fields as `passport_number`, `date_of_birth`"],
  ["hksb-other-document", Findings.otherDocument(), "passed: a passport, so ask for another document"],
  ["hksb-spoof-not-reported", Findings.spoofNotReported(), "passed: without an anti-spoofing result"]
]

const repeated: ReadonlyArray<readonly [id: string, key: Repeatable, answers: string]> = [
  ["hksb-repeated-passed", "Passed", "`Passed` is `N`, then `Y`"],
  ["hksb-repeated-sub-code", "SubCode", "`SubCode` is 212, then 200"],
  ["hksb-repeated-spoof-result", "spoofResult", "`spoofResult` is `Y`, then `N`"],
  ["hksb-repeated-spoof-info", "spoofInfo", "`spoofInfo` with a risk, then `SpoofInfo` without"],
  ["hksb-repeated-ocr-passed", "ocrIdPassed", "`ocrIdPassed` is `N`, then `Y`"],
  ["hksb-repeated-field", "idNumber", "two numbers"],
  ["hksb-repeated-ext-id-info", "ExtIdInfo", "two `ExtIdInfo`"],
  ["hksb-repeated-result", "Result", "two `Result`, the first rejected"],
  ["hksb-repeated-code", "Code", "`Code`, then `code`"]
]

const contradictions: ReadonlyArray<readonly [id: string, contradiction: Contradiction, answers: string]> = [
  ["hksb-contradictory", "SubCode", "`Passed` is `Y` with sub code 211"],
  ["hksb-passed-unreadable", "Passed", "`Passed` is `true`"],
  ["hksb-sub-code-missing", "SubCodeMissing", "`Passed` is `Y` without a sub code"],
  ["hksb-ocr-not-passed", "OcrNotPassed", "`Passed` is `Y`, `ocrIdPassed` is `N`"],
  ["hksb-ocr-unreadable", "OcrUnreadable", "`Passed` is `Y`, `ocrIdPassed` is `n`"],
  ["hksb-evidence-missing", "EvidenceMissing", "`Passed` is `Y` without `ExtIdInfo`"],
  ["hksb-evidence-cut-off", "EvidenceCutOff", "`Passed` is `Y`, `ExtIdInfo` is cut off"],
  ["hksb-nothing-read", "NothingRead", "`Passed` is `Y`, and no field was read"],
  ["hksb-edited-without-read", "EditedWithoutRead", "`Passed` is `Y`, with edited fields only"],
  ["hksb-spoof-risk-passed", "SpoofRisk", "`Passed` is `Y`, `spoofResult` is `Y`"],
  ["hksb-spoof-unreadable", "SpoofUnreadable", "`Passed` is `Y`, `spoofResult` is `?`"],
  ["hksb-spoof-type-only", "SpoofTypeWithoutResult", "`Passed` is `Y`, `spoofType` without `spoofResult`"],
  ["hksb-not-successful", "NotSuccessful", "`Passed` is `Y`, `Success` is `false`"],
  ["hksb-sibling-verdict", "SiblingVerdict", "`Passed` is `Y`, `EkycResult` is `N`"],
  ["hksb-other-transaction", "OtherTransaction", "`Passed` is `Y` for another `TransactionId`"],
  ["hksb-other-merchant-biz-id", "OtherMerchantBizId", "`Passed` is `Y` for another `MerchantBizId`"],
  ["hksb-status-500", "Status500", "code `Success` with HTTP status 500"]
]

const failures: ReadonlyArray<Row> = [
  ["hksb-throttled", throttled({ retryAfterMillis: 100 }), "`Throttling.Api` with `x-acs-retry-after`, always"],
  [
    "hksb-throttled-twice",
    inTurn([...times(2, throttled({ retryAfterMillis: 50 })), passed()]),
    "the same twice, then passed, then again"
  ],
  [
    "hksb-unavailable-twice",
    inTurn([...times(2, errorCode("ServiceUnavailable")), passed()]),
    "`ServiceUnavailable` twice, then passed, then again"
  ],
  ["hksb-slow", passed({ delayMillis: 3000 }), "passed, after three seconds"]
]

const single: ReadonlyArray<Row> = [
  ...verdicts,
  ...findings,
  ...repeated.map(([id, key, answers]) => [id, repeatedKey(key), answers] as const),
  ...contradictions.map(([id, contradiction, answers]) => [id, contradictory(contradiction), answers] as const),
  ...nesting,
  ...failures
]

/**
 * The table of the well-known ids, for people: the id and what it answers.
 *
 * @category well-known ids
 * @since 0.1.0
 */
export const wellKnownTable: ReadonlyArray<readonly [id: string, answers: string]> = [
  ["hksb-passed-<document>", "passed, front and back"],
  ...single.map(([id, , answers]) => [id, answers] as const),
  ["hksb-error-<Code>", "that code, for each of `ResponseCode.codes`"]
]

/**
 * Transaction ids that answer without any registration. `-` and anything after one of them starts the same scenario
 * again.
 *
 * @category well-known ids
 * @since 0.1.0
 */
export const wellKnown: ReadonlyMap<string, Scenario> = new Map<string, Scenario>([
  ...Document.slugs.map((document) => [`hksb-passed-${document}`, passed({ document, back: true })] as const),
  ...single.map(([id, scenario]) => [id, scenario] as const),
  ...Object.keys(ResponseCode.codes).map((code) => [`hksb-error-${code}`, errorCode(code)] as const)
])

const longestFirst = [...wellKnown].sort(([one], [other]) => other.length - one.length)

/**
 * The well-known scenario of an id, if it has one.
 *
 * @category well-known ids
 * @since 0.1.0
 */
export const lookup = (transactionId: string): Scenario | undefined =>
  wellKnown.get(transactionId) ?? longestFirst.find(([id]) => transactionId.startsWith(`${id}-`))?.[1]
