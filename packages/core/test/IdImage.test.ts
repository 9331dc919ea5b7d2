import { describe, expect, it } from "@effect/vitest"
import * as Redacted from "effect/Redacted"
import * as fc from "fast-check"
import * as IdImage from "../src/IdImage.ts"

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0))

describe("IdImage", () => {
  it.each([
    ["image/jpeg", Uint8Array.of(0xff, 0xd8, 0xff, 0xe0)],
    ["image/png", ascii("\u0089PNG\r\n\u001a\n")],
    ["image/gif", ascii("GIF89a")],
    ["image/gif", ascii("GIF87a")],
    ["image/webp", ascii("RIFF\u0000\u0000\u0000\u0000WEBPVP8 ")],
    ["image/bmp", ascii("BM\u0000\u0000")],
    ["image/heic", ascii("\u0000\u0000\u0000\u0018ftypheic")],
    ["image/heic", ascii("\u0000\u0000\u0000\u0018ftypmif1")],
    ["application/octet-stream", ascii("RIFF\u0000\u0000\u0000\u0000WAVE")],
    ["application/octet-stream", ascii("%PDF-1.7")],
    ["application/octet-stream", Uint8Array.of(0xff, 0xd8)],
    ["application/octet-stream", new Uint8Array(0)]
  ])("is %s by its first bytes", (mediaType, bytes) => {
    expect(IdImage.make(bytes)).toMatchObject({ mediaType, size: bytes.length })
  })

  it("keeps the bytes, and never throws", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 20 }), (bytes) => {
        const image = IdImage.make(bytes)
        expect(Redacted.value(image.bytes)).toBe(bytes)
        expect(image.size).toBe(bytes.byteLength)
      })
    )
  })
})
