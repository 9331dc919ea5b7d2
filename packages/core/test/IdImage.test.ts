import { assert, describe, it } from "@effect/vitest"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as IdImage from "../src/IdImage.ts"
import { base64, passing } from "./fixtures/answers.ts"
import { resultOf, warningsOf } from "./fixtures/results.ts"

const ascii = (text: string) => [...text].map((character) => character.charCodeAt(0))

/** A file's first bytes, by its format. */
const formats: ReadonlyArray<readonly [IdImage.MediaType, ReadonlyArray<number>]> = [
  ["image/jpeg", [0xff, 0xd8, 0xff, 0xe0]],
  ["image/png", [0x89, ...ascii("PNG\r\n"), 0x1a]],
  ["image/gif", ascii("GIF89a")],
  ["image/webp", [...ascii("RIFF"), 1, 2, 3, 4, ...ascii("WEBP")]],
  ["image/bmp", ascii("BM......")],
  ["image/heic", [0, 0, 0, 24, ...ascii("ftypheic")]],
  ["image/heic", [0, 0, 0, 24, ...ascii("ftypmif1")]],
  ["image/avif", [0, 0, 0, 24, ...ascii("ftypavif")]],
  ["image/tiff", [...ascii("II*"), 0, 8]],
  ["image/tiff", [...ascii("MM"), 0, ...ascii("*")]]
]

describe("IdImage.fromBytes", () => {
  it.each(formats)("knows %s by its first bytes %j", (mediaType, head) => {
    const bytes = Uint8Array.from(head)
    const image = IdImage.fromBytes(bytes)
    assert.containSubset(image, { mediaType, size: bytes.byteLength })
    assert.strictEqual(image && Redacted.value(image.bytes), bytes)
  })

  it("takes no other bytes for an image, nor a head that is cut off", () => {
    for (const bytes of [[], [0xff], ascii("%PDF-1.7"), ascii("<html>"), ascii("null"), ascii("RIFF1234WAVE")]) {
      assert.isUndefined(IdImage.fromBytes(Uint8Array.from(bytes)))
    }
    for (const [mediaType, head] of formats) {
      const cut = IdImage.fromBytes(Uint8Array.from(head.slice(0, 1)))
      assert.isUndefined(cut, mediaType)
    }
  })
})

describe("an image of an answer", () => {
  const text = base64(Uint8Array.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]))

  it.each([
    ["plain", text],
    ["without padding", text.replaceAll("=", "")],
    ["for URLs", text.replaceAll("+", "-").replaceAll("/", "_")],
    ["behind data:", `data:image/jpeg;base64,${text}`],
    ["in lines", `${text.slice(0, 3)}\r\n ${text.slice(3)}\n`]
  ])("is read in Base64 that is %s", (_, idImage) => {
    const { images, warnings } = resultOf(passing({ idImage }))
    assert.containSubset(images.front, { mediaType: "image/jpeg", size: 7 })
    assert.deepStrictEqual(warnings, [])
  })

  it.each(["", null, undefined, "  "])("is none, without a warning, if it is %j", (idImage) => {
    const { images, warnings } = resultOf(passing({ idImage, idBackImage: idImage }))
    assert.deepStrictEqual([images, warnings], [{}, []])
  })

  it.each<unknown>(["*", "/9j/4A==x", "AAAA", "ffd8ffe0", "null", btoa(text), 7, true, [text], { idImage: text }])(
    "is none, with a warning that keeps what stood there, if it is %j",
    (idImage) => {
      const result = resultOf(passing({ idImage }))
      assert.notProperty(result.images, "front")
      assert.deepStrictEqual(warningsOf(result), [["Result.ExtIdInfo.idImage", idImage]])
      assert.strictEqual(result.ocr._tag, "Read")
    }
  )
})

describe("IdImage", () => {
  it.prop(
    "encodes its bytes as Base64 and decodes to the same image, of a format that its bytes have",
    [IdImage.IdImage],
    ([image]) => {
      const encoded = Schema.encodeSync(IdImage.IdImage)(image)
      assert.strictEqual(encoded.bytes, base64(Redacted.value(image.bytes)))
      const again = Schema.decodeSync(IdImage.IdImage)(encoded)
      assert.deepStrictEqual(Redacted.value(again.bytes), Redacted.value(image.bytes))
      assert.strictEqual(IdImage.fromBytes(Redacted.value(again.bytes))?.mediaType, image.mediaType)
      assert.strictEqual(image.size, Redacted.value(image.bytes).byteLength)
    }
  )

  it.prop("prints no byte", [IdImage.IdImage], ([image]) =>
    assert.include(JSON.stringify(image), '"bytes":"<redacted:image>"')
  )
})
