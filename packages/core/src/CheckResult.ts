/**
 * The result of a check: from the bytes of the answer to the verdict, the fields read, the anti-spoofing decision and
 * the photographs.
 *
 * Printing, logging or serialising a result shows the verdict and ids, never a person's data: fields, photographs and
 * raw text are `Redacted`.
 *
 * @source https://www.alibabacloud.com/help/en/ekyc/latest/ocr-checkresult
 */
import type * as Redacted from "effect/Redacted"
import type * as Document from "./Document.ts"
import type * as IdImage from "./IdImage.ts"
import type * as Spoof from "./Spoof.ts"
import type * as Verdict from "./Verdict.ts"

/** Something in the answer that is not what the vendor's page says. It cost nothing else. */
export interface Warning {
  /** Where, for example `Result.ExtIdInfo.ocrIdInfo.birthDate`; empty for the whole answer. */
  readonly path: string
  readonly expected: string
  /** What stood there. */
  readonly raw: Redacted.Redacted<unknown>
}

/** A check's result. `R` is what is known of the document: see `Document.Expected` and `Document.Inferred`. */
export interface CheckResult<out R extends Document.Reading = Document.Inferred> {
  /** The vendor's id of the request, for its support. */
  readonly requestId: string | undefined
  readonly verdict: Verdict.Verdict
  /** `ocrIdPassed`, the result of the OCR phase; `undefined` where it was not reported. */
  readonly ocrPassed: boolean | undefined
  /** What was read of the front. */
  readonly ocr: R
  /** What the person made of it by hand on the result page, where the client shows one (ShowOcrResult). */
  readonly ocrEdited: R
  /** What was read of the back. */
  readonly ocrBack: R
  readonly spoof: { readonly front: Spoof.Spoof; readonly back: Spoof.Spoof }
  /** The photographs, where the request had `isReturnImage: true` and OCR succeeded. */
  readonly images: { readonly front: IdImage.IdImage | undefined; readonly back: IdImage.IdImage | undefined }
  readonly warnings: ReadonlyArray<Warning>
  /**
   * The whole answer with its nested documents decoded, unknown keys included, photographs left out (they are in
   * `images`). A getter: a copy by `{ ...result }` leaves it behind.
   */
  readonly raw: Redacted.Redacted<Readonly<Record<string, unknown>>>
}
