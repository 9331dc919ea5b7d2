/** `check <transaction-id>`: one result, for a person at a terminal or for a script. */
import { randomUUID } from "node:crypto"
import * as Advice from "@effect-cloudauth/core/Advice"
import * as Assessment from "@effect-cloudauth/core/Assessment"
import type { CheckResult } from "@effect-cloudauth/core/CheckResult"
import { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
import * as Document from "@effect-cloudauth/core/Document"
import * as SubCode from "@effect-cloudauth/core/SubCode"
import * as Verdict from "@effect-cloudauth/core/Verdict"
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Path from "effect/Path"
import * as Redacted from "effect/Redacted"
import * as Client from "../Client.ts"
import * as ExitCode from "../ExitCode.ts"
import { ofAwaitError, Outcome } from "../Failure.ts"
import { endingOf } from "../ImageStore.ts"
import * as durable from "../internal/durable.ts"
import * as fileName from "../internal/fileName.ts"
import * as flags from "../internal/flags.ts"
import { say, type Value } from "../internal/language/say.ts"
import * as Language from "../Language.ts"
import * as Mask from "../Mask.ts"
import * as Output from "../Output.ts"
import { Settings } from "../Settings.ts"
import * as StoredResult from "../StoredResult.ts"

type Result = CheckResult<Document.Reading>
type Assessed = Assessment.Assessed<Result>

const marks = { Passed: "✔", Rejected: "✘", Inconclusive: "?" } as const

const unread = {
  NotRead: say`not read`,
  Unreadable: say`unreadable: the service sent something that is no JSON object`,
  Undecided: say`its fields fit several kinds; name it with --document`
} as const

const titleOf = (document: StoredResult.View["document"], named: boolean): Value =>
  document === "NotRead" || document === "Unreadable" || document === "Undecided"
    ? unread[document]
    : named
      ? Document.titles[document]
      : say`${Document.titles[document]} (inferred)`

const textOf = (value: unknown): string =>
  typeof value === "string" ? Output.plain(value) : Output.plain(JSON.stringify(value) ?? "")

/** More fields than any document has. */
const mostFields = 50

/** The fields of a reading in the order of the vendor's table, then what the table does not know. */
const fieldsOf = (reading: Document.Reading): ReadonlyArray<readonly [string, unknown]> => {
  if (reading._tag === "NotRead" || reading._tag === "Unreadable") return []
  const raw = Redacted.value(reading.raw)
  const order = reading._tag === "Read" ? Document.fieldsOf(reading.document) : []
  const known = order.filter((field) => Object.hasOwn(raw, field))
  const others = Object.keys(raw).filter((field) => !known.includes(field))
  return [...known, ...others].slice(0, mostFields).map((field) => [field, raw[field]])
}

/** `N` alone does not mean that no risk was found: the service also sends it if the check was off. */
const spoofWords = {
  NotRequested: say`not checked: it was not requested at Initialize`,
  NotReported: say`not reported`,
  Unconfirmed: say`unknown: the service sends the same for a check that was not requested`,
  Clear: say`no risk found`,
  Risk: say`RISK`
} as const

const spoofText = ({ _tag, types }: StoredResult.View["spoof"]["front"]): Value =>
  types.length === 0 ? spoofWords[_tag] : say`${spoofWords[_tag]} (${types.map(Output.plain).join(", ")})`

const billingWords = (subCode: SubCode.SubCode): Value => {
  const isBilled = SubCode.isBilled(subCode)
  return isBilled === undefined
    ? say`billing of the authentication unknown`
    : isBilled
      ? say`billed authentication`
      : say`authentication not billed`
}

type Translate = (value: Value) => string

const section = (
  title: Value,
  reading: Document.Reading,
  reveal: boolean,
  edited: ReadonlyArray<string>,
  t: Translate
): ReadonlyArray<string> => {
  const fields = fieldsOf(reading)
  if (fields.length === 0) return []
  return [
    "",
    t(title),
    Output.columns(
      fields.map(([name, value]) => [
        reveal ? Output.plain(name).slice(0, 40) : Document.shownKey(name),
        `${value === "" || value === null ? t(say`(not read)`) : Mask.value(textOf(value), reveal)}${edited.includes(name) ? `  ${t(say`(changed by hand)`)}` : ""}`
      ])
    )
  ]
}

const rowsOf = (view: StoredResult.View, named: boolean): ReadonlyArray<readonly [Value, Value]> => {
  const { document, images, merchantBizId, requestId, spoof, transactionId, verdict } = view
  const { subCode } = verdict
  return [
    [say`transaction`, Output.plain(transactionId)],
    [say`merchant id`, merchantBizId],
    ...(requestId === undefined ? [] : [[say`request id`, Output.plain(requestId)] as const]),
    ...(verdict._tag === "Inconclusive" ? [[say`reason`, Verdict.explain(verdict)] as const] : []),
    ...(subCode === undefined
      ? []
      : [[say`sub code`, say`${Output.plain(subCode.code)} (${billingWords(subCode)})`] as const]),
    [say`document`, titleOf(document, named)],
    [say`spoof front`, spoofText(spoof.front)],
    [say`spoof back`, spoofText(spoof.back)],
    ...StoredResult.sides.flatMap((side) => {
      const image = images[side]
      return image === undefined ? [] : [[say`image ${side}`, say`${image.mediaType}, ${image.size} bytes`] as const]
    })
  ]
}

const adviceOf = (verdict: Verdict.Verdict): Advice.Advice =>
  verdict._tag === "Inconclusive" ? Advice.ofReason(verdict.reasonCode) : Advice.ofSubCode(verdict.subCode)

/** What a reviewer should know of a pass, beside what the rows say of spoofing. */
const findingLines = (
  findings: ReadonlyArray<Assessment.Finding>,
  language: Language.Language
): ReadonlyArray<string> =>
  findings
    .filter(({ code, severity }) => severity !== "info" && code !== "SpoofUnconfirmed")
    .map(({ code, field }) => {
      const text = Advice.ofFinding(code).reviewer[Language.keyOf[language]]
      return `! ${code}${field === undefined ? "" : ` (${field})`}: ${text}`
    })

const show = (
  view: StoredResult.View,
  result: Assessed,
  named: boolean,
  reveal: boolean,
  paint: Output.Paint,
  language: Language.Language
): string => {
  const { _tag: verdict, subCode } = view.verdict
  const { reviewer, user } = adviceOf(view.verdict)
  const t: Translate = (value) => Language.render(value, language)
  const adviceLine = (name: string, texts: Advice.Texts) =>
    paint.faint(`  ${Language.translate(name, language)}: ${texts[Language.keyOf[language]]}`)
  const tone = { Passed: paint.good, Rejected: paint.bad, Inconclusive: paint.doubtful }[verdict]
  return [
    tone(paint.strong(`${marks[verdict]} ${verdict}`)) + (subCode === undefined ? "" : `  ${t(subCode.meaning)}`),
    ...(verdict === "Passed"
      ? findingLines(result.findings, language).map(paint.doubtful)
      : [adviceLine("for the reviewer", reviewer), adviceLine("for the user", user)]),
    Output.columns(rowsOf(view, named).map(([name, value]) => [t(name), t(value)])),
    ...section(say`Read on the front`, result.ocr, reveal, [], t),
    ...(view.edited.length === 0
      ? []
      : section(say`As the person changed it`, result.ocrEdited, reveal, view.edited, t)),
    ...section(say`Read on the back`, result.ocrBack, reveal, [], t),
    ...view.warnings.map(({ expected, path }) =>
      paint.doubtful(t(say`! ${path === "" ? say`the answer` : Output.plain(path)}: expected ${expected}`))
    ),
    ...(reveal || fieldsOf(result.ocr).length === 0
      ? []
      : ["", paint.faint(t(say`Fields are masked; --reveal shows them.`))])
  ].join("\n")
}

/** Writes the whole result and its images so that only the owner can read them. */
const write = Effect.fnUntraced(function* (directory: string, view: StoredResult.View, result: Result) {
  const path = yield* Path.Path
  const name = /^[A-Za-z0-9_-]{1,100}$/.test(view.transactionId)
    ? view.transactionId
    : fileName.sha256(view.transactionId).slice(0, 40)
  const target = path.join(directory, name)
  const locations: { [Side in StoredResult.Side]?: string } = {}
  for (const side of StoredResult.sides) {
    const image = result.images[side]
    if (image === undefined) continue
    const location = `${side}.${endingOf(image.mediaType)}`
    yield* durable.writeFile(path.join(target, location), Redacted.value(image.bytes))
    locations[side] = location
  }
  const stored = { view: { ...view, locations }, person: StoredResult.person(result) }
  yield* durable.writeText(
    path.join(target, "result.json"),
    `${JSON.stringify(StoredResult.toJson(stored, true), undefined, 2)}\n`
  )
  return target
})

export const check = Command.make(
  "check",
  {
    transactionId: Argument.String("transaction-id").pipe(
      Argument.withDescription("The id that Initialize returned and your server stored")
    ),
    document: flags.document,
    merchantBizId: Flag.String("merchant-biz-id").pipe(
      Flag.withDescription("Your own id of this check, 1 to 32 letters and digits; made up if left out"),
      Flag.optional
    ),
    wait: flags.toggle("wait", "Ask again until the user has finished"),
    waitLimit: flags.duration(
      "wait-limit",
      "How long --wait waits, for example 90s (default: 10m)",
      Duration.minutes(10)
    ),
    json: flags.json,
    reveal: flags.reveal,
    out: Flag.String("out").pipe(
      Flag.withMetavar("DIRECTORY"),
      Flag.withDescription("Write the whole result and the images here, unmasked, for the owner's eyes only"),
      Flag.optional
    )
  },
  Effect.fnUntraced(function* (input) {
    const settings = yield* Settings
    const merchantBizId = Option.getOrElse(input.merchantBizId, () => randomUUID().replaceAll("-", ""))
    const document = Option.getOrUndefined(input.document)
    const request = {
      merchantBizId,
      transactionId: input.transactionId,
      document: document === undefined ? undefined : Document.kinds[document],
      isReturnImage: Option.isSome(input.out)
    }
    const started = yield* Clock.monotonicTimeNanos
    yield* Output.detail(
      say`Asking ${settings.endpoint ?? `${settings.region} (${settings.network})`} as ${merchantBizId}`
    )
    const checked: Result = yield* Cloudauth.use((client) =>
      input.wait ? client.awaitResult(request, { timeout: input.waitLimit }) : client.checkResult(request)
    ).pipe(Effect.mapError(ofAwaitError), Effect.provide(Client.layer(settings)))
    const duration = Math.round(Number((yield* Clock.monotonicTimeNanos) - started) / 1e6)
    const collectedAt = yield* Clock.currentTimeMillis
    const result = Assessment.assess(checked, { now: collectedAt, imagesRequested: request.isReturnImage })
    const view = StoredResult.view({ transactionId: input.transactionId, merchantBizId, collectedAt, duration }, result)
    yield* input.json
      ? Output.json({
          ...StoredResult.toJson({ view, person: StoredResult.person(result) }, input.reveal),
          findings: result.findings
        })
      : Output.result(
          show(view, result, document !== undefined, input.reveal, yield* Output.paint, yield* Language.Language)
        )
    if (Option.isSome(input.out)) {
      const target = yield* Effect.mapError(write(input.out.value, view, result), durable.unwritten(say`The result`))
      yield* Output.note(say`Written to ${target}`)
    }
    const exit = ExitCode.ofCheck(view.verdict._tag, result.findings)
    if (exit !== "Success") return yield* new Outcome({ exit })
  })
).pipe(
  Command.withShortDescription("Ask for the result of one check"),
  Command.withDescription(
    `Asks for the result of one check and ends with an exit code that scripts can use.\n\nA pass ends with 0 only if no finding speaks against the document, such as an expiry in the past.\n\nA person's data is masked unless --reveal. --out writes everything that came.\n\n${ExitCode.help("Success", "Unexpected", "Usage", "Rejected", "Inconclusive", "NotCompleted", "UnknownTransaction", "Review", ...ExitCode.ofCalls, "Storage", "Interrupted")}`
  ),
  Command.withExamples([
    { command: "effect-cloudauth check hksb7e3a55f0c1d2", description: "Is this document accepted?" },
    {
      command: "effect-cloudauth check hksb7e3a55f0c1d2 --document global-passport --reveal",
      description: "Name the document and show what was read"
    },
    {
      command: "effect-cloudauth check hksb7e3a55f0c1d2 --wait --wait-limit 5m --json",
      description: "Wait for the user, then print JSON"
    },
    {
      command: "effect-cloudauth check hksb7e3a55f0c1d2 --out evidence",
      description: "Keep the result and the images"
    }
  ])
)
