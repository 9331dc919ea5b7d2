/** `check <transaction-id>`: one result, for a person at a terminal or for a script. */
import { randomUUID } from "node:crypto"
import type { CheckResult } from "@effect-cloudauth/core/CheckResult"
import { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
import * as Document from "@effect-cloudauth/core/Document"
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Path from "effect/Path"
import * as Redacted from "effect/Redacted"
import * as Schedule from "effect/Schedule"
import * as Client from "../Client.ts"
import * as ExitCode from "../ExitCode.ts"
import { ofError, Outcome } from "../Failure.ts"
import { endingOf } from "../ImageStore.ts"
import * as durable from "../internal/durable.ts"
import * as place from "../internal/place.ts"
import * as flags from "../internal/flags.ts"
import * as Mask from "../Mask.ts"
import * as Output from "../Output.ts"
import { Settings } from "../Settings.ts"
import * as StoredResult from "../StoredResult.ts"

type Result = CheckResult<Document.Reading>

const marks = { Passed: "✔", Rejected: "✘", Inconclusive: "?" } as const

const titleOf = (document: StoredResult.Facts["document"], named: boolean): string =>
  document === "NotRead"
    ? "not read"
    : document === "Undecided"
      ? "its fields fit several kinds; name it with --document"
      : `${Document.titles[document]}${named ? "" : " (inferred)"}`

const textOf = (value: unknown): string =>
  typeof value === "string" ? Output.plain(value) : Output.plain(JSON.stringify(value) ?? "")

/** The fields of a reading in the order of the vendor's table, then what the table does not know. */
const fieldsOf = (reading: Document.Reading): ReadonlyArray<readonly [string, unknown]> => {
  if (reading._tag === "NotRead") return []
  const raw = Redacted.value(reading.raw)
  const order = reading._tag === "Read" ? Document.fieldsOf(reading.document) : []
  const known = order.filter((field) => Object.hasOwn(raw, field))
  const others = Object.keys(raw).filter((field) => !known.includes(field))
  return [...known, ...others].map((field) => [Output.plain(field), raw[field]])
}

const spoofText = ({ _tag, types }: StoredResult.Facts["spoofFront"]): string => {
  const what = { NotReported: "not reported", Clear: "no risk found", Risk: "RISK" }[_tag]
  return types.length === 0 ? what : `${what}: ${types.map(Output.plain).join(", ")}`
}

const section = (
  title: string,
  reading: Document.Reading,
  reveal: boolean,
  edited: ReadonlyArray<string>
): ReadonlyArray<string> => {
  const fields = fieldsOf(reading)
  if (fields.length === 0) return []
  return [
    "",
    title,
    Output.columns(
      fields.map(([name, value]) => [
        name,
        `${value === "" || value === null ? "(not read)" : Mask.value(textOf(value), reveal)}${edited.includes(name) ? "  (changed by hand)" : ""}`
      ])
    )
  ]
}

const show = (
  facts: StoredResult.Facts,
  result: Result,
  named: boolean,
  reveal: boolean,
  paint: Output.Paint
): string => {
  const tone = { Passed: paint.good, Rejected: paint.bad, Inconclusive: paint.doubtful }[facts.verdict]
  const { subCode } = result.verdict
  const billed = facts.billed === undefined ? "billing unknown" : facts.billed ? "billed" : "not billed"
  const rows: ReadonlyArray<readonly [string, string]> = [
    ["transaction", Output.plain(facts.transactionId)],
    ["merchant id", facts.merchantBizId],
    ...(facts.requestId === undefined ? [] : [["request id", Output.plain(facts.requestId)] as const]),
    ...(facts.reason === undefined ? [] : [["reason", facts.reason] as const]),
    ...(facts.subCode === undefined ? [] : [["sub code", `${Output.plain(facts.subCode)} (${billed})`] as const]),
    ["document", titleOf(facts.document, named)],
    ["spoof front", spoofText(facts.spoofFront)],
    ["spoof back", spoofText(facts.spoofBack)],
    ...facts.images.map((image) => [`image ${image.side}`, `${image.mediaType}, ${image.size} bytes`] as const)
  ]
  return [
    tone(paint.strong(`${marks[facts.verdict]} ${facts.verdict}`)) +
      (subCode === undefined ? "" : `  ${subCode.meaning}`),
    ...(subCode === undefined || facts.verdict === "Passed"
      ? []
      : [paint.faint(`  for the reviewer: ${subCode.advice}`), paint.faint(`  for the user: ${subCode.userText}`)]),
    Output.columns(rows),
    ...section("Read on the front", result.ocr, reveal, []),
    ...(facts.edited.length === 0 ? [] : section("As the person changed it", result.ocrEdited, reveal, facts.edited)),
    ...section("Read on the back", result.ocrBack, reveal, []),
    ...facts.warnings.map((warning) => paint.doubtful(`! ${Output.plain(warning.path)}: expected ${warning.expected}`)),
    ...(reveal || fieldsOf(result.ocr).length === 0 ? [] : ["", paint.faint("Fields are masked; --reveal shows them.")])
  ].join("\n")
}

/** Writes the whole result and its photographs where only the owner can read them. */
const write = Effect.fnUntraced(function* (directory: string, facts: StoredResult.Facts, result: Result) {
  const path = yield* Path.Path
  const target = path.join(
    directory,
    /^[A-Za-z0-9_-]{1,100}$/.test(facts.transactionId)
      ? facts.transactionId
      : place.sha256(facts.transactionId).slice(0, 40)
  )
  const images: Array<StoredResult.StoredImage> = []
  for (const side of ["front", "back"] as const) {
    const image = result.images[side]
    if (image === undefined) continue
    const bytes = Redacted.value(image.bytes)
    const location = `${side}.${endingOf(image.mediaType)}`
    yield* durable.writeFile(path.join(target, location), bytes)
    images.push({ side, mediaType: image.mediaType, size: image.size, sha256: place.sha256(bytes), location })
  }
  const stored = { facts: { ...facts, images }, person: StoredResult.person(result) }
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
      Flag.withDescription("Write the whole result and the photographs here, unmasked, for the owner's eyes only"),
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
    const polling = Schedule.min([Schedule.exponential("2 seconds", 1.25), Schedule.spaced("10 seconds")]).pipe(
      Schedule.upTo({ duration: input.waitLimit })
    )
    const started = yield* Clock.monotonicTimeNanos
    yield* Output.detail(
      `Asking ${settings.endpoint ?? `${settings.region} (${settings.network})`} as ${merchantBizId}`
    )
    const result: Result = yield* Cloudauth.use((client) =>
      input.wait ? client.awaitResult(request, { polling }) : client.checkResult(request)
    ).pipe(Effect.mapError(ofError), Effect.provide(Client.layer(settings)))
    const duration = Math.round(Number((yield* Clock.monotonicTimeNanos) - started) / 1e6)
    const collectedAt = yield* Clock.currentTimeMillis
    const images = (["front", "back"] as const).flatMap((side) => {
      const image = result.images[side]
      return image === undefined
        ? []
        : [
            {
              side,
              mediaType: image.mediaType,
              size: image.size,
              sha256: place.sha256(Redacted.value(image.bytes)),
              location: ""
            }
          ]
    })
    const facts = StoredResult.facts(
      { transactionId: input.transactionId, merchantBizId, collectedAt, duration },
      result,
      images
    )
    yield* input.json
      ? Output.json(StoredResult.toJson({ facts, person: StoredResult.person(result) }, input.reveal))
      : Output.result(show(facts, result, document !== undefined, input.reveal, yield* Output.paint))
    if (Option.isSome(input.out)) {
      const target = yield* Effect.mapError(write(input.out.value, facts, result), durable.unwritten("The result"))
      yield* Output.note(`Written to ${target}`)
    }
    const exit = ExitCode.ofVerdict(facts.verdict)
    if (exit !== "Success") return yield* new Outcome({ exit })
  })
).pipe(
  Command.withShortDescription("Ask for the result of one check"),
  Command.withDescription(
    `Asks for the result of one check and ends with an exit code that scripts can use.\n\nA person's data is masked unless --reveal. --out writes everything that came.\n\n${ExitCode.help("Success", "Unexpected", "Usage", "Rejected", "Inconclusive", "NotCompleted", "UnknownTransaction", ...ExitCode.ofCalls, "Storage", "Interrupted")}`
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
      description: "Keep the result and the photographs"
    }
  ])
)
