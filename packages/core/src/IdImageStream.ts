/**
 * The bytes of an image as a stream, to write them to a file, an object store or a hash piece by piece. No byte is copied:
 * beside the image in the result a sink needs a constant amount of memory.
 *
 * The stream begins when the whole answer has arrived and its verdict is known. Bytes that arrive before the verdict could
 * belong to an answer that is refused.
 *
 * @example
 * import { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
 * import * as IdImageStream from "@effect-cloudauth/core/IdImageStream"
 * import * as Effect from "effect/Effect"
 * import * as FileSystem from "effect/FileSystem"
 * import * as Stream from "effect/Stream"
 *
 * const keepFront = Effect.gen(function* () {
 *   const { images } = yield* Cloudauth.checkResult({
 *     merchantBizId: "order1",
 *     transactionId: "hksb0000",
 *     isReturnImage: true
 *   })
 *   const files = yield* FileSystem.FileSystem
 *   if (images.front !== undefined) {
 *     yield* Stream.run(IdImageStream.make(images.front), files.sink("front.jpg", { mode: 0o600 }))
 *   }
 * })
 *
 * @since 0.1.0
 */
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import type { IdImage } from "./IdImage.ts"

/** Bytes of a piece: few steps for an image of 300 KB, and little for a connection to hold. */
const pieceSize = 64 * 1024

/**
 * The bytes of an image in pieces of 64 KiB, the last one shorter. They are a person's data, no longer `Redacted`. Each
 * piece is a view of the image: a change to it changes the image.
 *
 * @example
 * import * as IdImage from "@effect-cloudauth/core/IdImage"
 * import * as IdImageStream from "@effect-cloudauth/core/IdImageStream"
 * import * as Effect from "effect/Effect"
 * import * as Stream from "effect/Stream"
 *
 * const jpeg = Uint8Array.of(0xff, 0xd8, 0xff, 0xe0)
 *
 * const size = (image: IdImage.IdImage) =>
 *   Stream.runFold(IdImageStream.make(image), () => 0, (bytes, piece) => bytes + piece.length)
 *
 * const image = IdImage.fromBytes(jpeg)
 *
 * image && Effect.runSync(size(image)) // => 4
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = (image: IdImage): Stream.Stream<Uint8Array> =>
  Stream.suspend(() => Stream.fromIterable(piecesOf(Redacted.value(image.bytes))))

function* piecesOf(bytes: Uint8Array): Generator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += pieceSize) yield bytes.subarray(start, start + pieceSize)
}
