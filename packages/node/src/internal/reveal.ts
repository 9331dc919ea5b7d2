/** What results keep out of logs. */
import * as Document from "@effect-cloudauth/core/Document"
import type { IdImage } from "@effect-cloudauth/core/IdImage"
import * as Redacted from "effect/Redacted"

/**
 * Shows what a result keeps out of logs: the fields of a document, the bytes of an image, or anything `Redacted`, such as
 * `error.serverMessage`. `undefined` if nothing was read or sent, or if the document's kind is not decided.
 *
 * @category getters
 * @since 0.1.0
 */
export const reveal: {
  <F extends Document.Fields>(reading: Document.NotRead | Document.Unreadable | Document.Read<F>): F | undefined
  (reading: Document.Reading): Document.Fields | undefined
  (image: IdImage | undefined): Uint8Array | undefined
  <A>(redacted: Redacted.Redacted<A>): A
  <A>(redacted: Redacted.Redacted<A> | undefined): A | undefined
} = (value: Document.Reading | IdImage | undefined | Redacted.Redacted<unknown>): never => {
  const shown =
    value === undefined
      ? undefined
      : Redacted.isRedacted(value)
        ? Redacted.value(value)
        : "_tag" in value
          ? Document.reveal(value)
          : Redacted.value(value.bytes)
  return shown as never // each overload says what its argument becomes
}
