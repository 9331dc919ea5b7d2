/** A successful answer → the result. Never throws: what is wrong inside becomes a warning, and costs nothing else. */
import * as Equal from "effect/Equal"
import * as Hash from "effect/Hash"
import * as Inspectable from "effect/Inspectable"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import type { CheckResult, Warning } from "../CheckResult.ts"
import type * as CloudauthError from "../CloudauthError.ts"
import * as Document from "../Document.ts"
import * as IdImage from "../IdImage.ts"
import * as Spoof from "../Spoof.ts"
import * as Verdict from "../Verdict.ts"
import { decodeError, pending, type Success } from "./answer.ts"
import * as base64 from "./base64.ts"
import type { Chunks } from "./chunks.ts"
import { readGeneral } from "./envelope.ts"
import type { Envelope } from "./envelope.ts"
import * as nestedJson from "./nestedJson.ts"

/** Why an answer is no result. */
interface Malformed {
  readonly path: string
  readonly expected: string
}

/** The result that a success holds, its document read as `kind` where that is known; an error while it is pending. */
export const fromSuccess = (
  { answer, envelope }: Success,
  kind?: Document.Kind
): Result.Result<CheckResult<Document.Reading>, CloudauthError.CloudauthError> =>
  fromEnvelope(envelope, answer.body, kind).pipe(
    Result.mapError(({ expected, path }) => decodeError(answer, envelope.requestId, path, expected)),
    Result.filterOrFail(
      ({ verdict }) => !(verdict._tag === "Inconclusive" && verdict.passed === "P"),
      () => pending(answer, envelope.requestId)
    )
  )

/** Reads a result out of a successful answer. `body` is the envelope's. */
export const fromEnvelope = (
  envelope: Envelope,
  body: Chunks,
  kind?: Document.Kind
): Result.Result<CheckResult<Document.Reading>, Malformed> => {
  const reader = new Reader(envelope, kind)
  const result = reader.result()
  if (reader.metEveryCut()) return result
  // A photograph's key stood in an unexpected place: only the general way knows what that means.
  const general = readGeneral(body)
  return general === undefined ? result : new Reader(general, kind).result()
}

type Found = Omit<CheckResult<Document.Reading>, "raw">

/** A result whose `raw` becomes `Redacted` when it is first looked at, as the parts of a document do: see `documentReading`. */
class Checked extends Inspectable.Class implements CheckResult<Document.Reading>, Equal.Equal {
  readonly requestId: Found["requestId"]
  readonly verdict: Found["verdict"]
  readonly ocrPassed: Found["ocrPassed"]
  readonly ocr: Found["ocr"]
  readonly ocrEdited: Found["ocrEdited"]
  readonly ocrBack: Found["ocrBack"]
  readonly spoof: Found["spoof"]
  readonly images: Found["images"]
  readonly warnings: Found["warnings"]
  readonly #raw: nestedJson.Json
  #hidden: Redacted.Redacted<nestedJson.Json> | undefined

  constructor(found: Found, raw: nestedJson.Json) {
    super()
    this.requestId = found.requestId
    this.verdict = found.verdict
    this.ocrPassed = found.ocrPassed
    this.ocr = found.ocr
    this.ocrEdited = found.ocrEdited
    this.ocrBack = found.ocrBack
    this.spoof = found.spoof
    this.images = found.images
    this.warnings = found.warnings
    this.#raw = raw
  }

  get raw(): Redacted.Redacted<nestedJson.Json> {
    return (this.#hidden ??= Redacted.make(this.#raw, { label: "answer" }))
  }

  /** What came decides all but what depends on the kind that the caller named, and the photographs. */
  [Equal.symbol](that: Equal.Equal): boolean {
    return (
      that instanceof Checked &&
      Equal.equals(this.#raw, that.#raw) &&
      Equal.equals(this.ocr, that.ocr) &&
      Equal.equals(this.ocrEdited, that.ocrEdited) &&
      Equal.equals(this.ocrBack, that.ocrBack) &&
      Equal.equals(this.warnings, that.warnings) &&
      Equal.equals(this.images, that.images)
    )
  }

  [Hash.symbol](): number {
    return Hash.hash(this.#raw)
  }

  toJSON(): unknown {
    return { ...this, raw: "<redacted:answer>" }
  }
}

/** One pass over an envelope; collects the warnings on its way. */
class Reader {
  readonly #envelope: Envelope
  readonly #kind: Document.Name | undefined
  readonly #warnings: Array<Warning> = []
  #cutsMet = 0
  #spoofUnreadable = false
  #otherDocument = false

  constructor(envelope: Envelope, kind: Document.Kind | undefined) {
    this.#envelope = envelope
    this.#kind = kind === undefined ? undefined : Document.nameOf(kind)
  }

  metEveryCut(): boolean {
    return this.#cutsMet === this.#envelope.cuts.length
  }

  result(): Result.Result<CheckResult<Document.Reading>, Malformed> {
    const { isUtf8, json, requestId } = this.#envelope
    if (!isUtf8) this.#warn("", "UTF-8", undefined)
    const outer = nestedJson.parse(nestedJson.pick(json, "Result"))
    if (outer._tag !== "Value") return Result.fail({ path: "Result", expected: "an object" })
    const body = outer.value
    const extIdInfo = this.#nested(body, "ExtIdInfo", "Result.ExtIdInfo")
    const ext = extIdInfo ?? {}
    // Its own copy: nested documents replace their text, photographs go to `images`.
    const rawExt: Record<string, unknown> = { ...ext }
    const ocr = this.#document(ext, "ocrIdInfo", rawExt, this.#kind)
    // What the front is, the edited fields and the back are, too.
    const kind = ocr._tag === "Read" ? ocr.document : this.#kind
    const ocrEdited = this.#document(ext, "ocrIdEditInfo", rawExt, kind)
    const ocrBack = this.#document(ext, "ocrIdBackInfo", rawExt, kind)
    const front = this.#spoof(ext, "spoofInfo", rawExt)
    const back = this.#spoof(ext, "spoofBackInfo", rawExt)
    const images = { front: this.#image(ext, "idImage", rawExt), back: this.#image(ext, "idBackImage", rawExt) }
    const ocrPassed = this.#flag(ext, "ocrIdPassed")
    const verdict = Verdict.decide({
      passed: printable(nestedJson.pickText(body, "Passed")),
      subCode: printable(nestedJson.pickText(body, "SubCode")) || undefined,
      ocrPassed,
      spoofRisk: front._tag === "Risk" || back._tag === "Risk",
      spoofUnreadable: this.#spoofUnreadable,
      otherDocument: this.#otherDocument
    })
    const raw = { ...json, Result: extIdInfo === undefined ? body : { ...body, ExtIdInfo: rawExt } }
    const found = { requestId, verdict, ocrPassed, ocr, ocrEdited, ocrBack, spoof: { front, back }, images }
    return Result.succeed(new Checked({ ...found, warnings: this.#warnings }, raw))
  }

  #warn(path: string, expected: string, raw: unknown): void {
    this.#warnings.push({ path, expected, raw: Redacted.make(raw, { label: "raw" }) })
  }

  #nested(parent: nestedJson.Json, key: string, path: string): nestedJson.Json | undefined {
    const nested = nestedJson.parse(nestedJson.pick(parent, key))
    if (nested._tag === "Malformed") this.#warn(path, nested.expected, nested.raw)
    // What can't be read may be the evidence of a risk; the documents' fields are none.
    if (nested._tag === "Malformed" && !key.startsWith("ocr")) this.#spoofUnreadable = true
    return nested._tag === "Value" ? nested.value : undefined
  }

  #document(
    ext: nestedJson.Json,
    key: "ocrIdInfo" | "ocrIdEditInfo" | "ocrIdBackInfo",
    rawExt: Record<string, unknown>,
    kind: Document.Name | undefined
  ): Document.Reading {
    const path = `Result.ExtIdInfo.${key}`
    const raw = this.#nested(ext, key, path)
    if (raw === undefined) return Document.notRead
    rawExt[key] = raw
    if (Object.keys(raw).length === 0) return Document.notRead
    const inference: Document.Inference =
      kind === undefined ? Document.infer(Object.keys(raw)) : { _tag: "Decided", name: kind }
    if (inference._tag === "Undecided") return Document.ambiguous(inference.candidates, raw)
    const { name } = inference
    // The back has fields of its own, which the vendor's page does not list.
    if (key !== "ocrIdBackInfo" && !Document.fits(name, Object.keys(raw))) {
      this.#warn(path, `the fields of a ${Document.titles[name]}`, raw)
      if (name === this.#kind) this.#otherDocument = true
    }
    const { fields, problems } = Document.readFields(name, raw)
    for (const problem of problems) this.#warn(`${path}.${problem.field}`, problem.expected, problem.raw)
    return Document.read(name, fields, raw)
  }

  #spoof(ext: nestedJson.Json, key: string, rawExt: Record<string, unknown>): Spoof.Spoof {
    const path = `Result.ExtIdInfo.${key}`
    const raw = this.#nested(ext, key, path)
    if (raw === undefined) return Spoof.notReported
    rawExt[key] = raw
    const type = nestedJson.pick(raw, "spoofType")
    const types = Spoof.readTypes(type)
    if (types === undefined) this.#warn(`${path}.spoofType`, "text or a list of texts", type)
    const result = nestedJson.pick(raw, "spoofResult")
    if (result !== "Y" && result !== "N" && result !== undefined && result !== null && result !== "") {
      this.#spoofUnreadable = true
      this.#warn(`${path}.spoofResult`, "Y or N", result)
    }
    return Spoof.make(result, types ?? [])
  }

  #image(ext: nestedJson.Json, key: string, rawExt: Record<string, unknown>): IdImage.IdImage | undefined {
    const value = ext[key]
    if (value === undefined || value === null || value === "") return undefined
    const cut = this.#envelope.cuts.find((candidate) => candidate.token === value)
    if (cut !== undefined) this.#cutsMet++
    const bytes = cut?.bytes ?? (typeof value === "string" ? base64.decodeTolerant(value) : undefined)
    if (bytes === undefined || bytes.byteLength === 0) {
      this.#warn(`Result.ExtIdInfo.${key}`, "Base64", value)
      return undefined
    }
    delete rawExt[key]
    return IdImage.make(bytes)
  }

  #flag(ext: nestedJson.Json, key: string): boolean | undefined {
    const value = nestedJson.pick(ext, key)
    if (value === "Y") return true
    if (value === "N") return false
    if (value !== undefined && value !== null && value !== "") this.#warn(`Result.ExtIdInfo.${key}`, "Y or N", value)
    return undefined
  }
}

/** Server text that a printed verdict shows: a code, nothing longer and nothing else. `raw` has it as it came. */
const printable = (text: string | undefined): string | undefined => text?.replace(/[^\w.:-]/g, "?").slice(0, 40)
