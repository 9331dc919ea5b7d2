import * as Png from "fast-png"
import jpeg from "jpeg-js"
import { assert, describe, it } from "@effect/vitest"
import fc from "fast-check"
import * as Document from "../src/Document.ts"
import * as Specimen from "../src/Specimen.ts"

const cases = Document.slugs.flatMap((document) =>
  (["front", "back"] as const).map((side) => ({ document, side, seed: "7" }))
)

describe("images", () => {
  it.each(cases)("$document, $side: a JPEG and a PNG that decode", (options) => {
    const photo = jpeg.decode(Specimen.draw({ ...options, format: "jpeg" }), { useTArray: true })
    assert.deepStrictEqual([photo.width, photo.height], [480, 302])
    const drawing = Png.decode(Specimen.draw({ ...options, format: "png" }), { checkCrc: true })
    assert.deepStrictEqual([drawing.width, drawing.height], [480, 302])
    // The red of the word SPECIMEN covers a good part of the lower half.
    const red = Array.from({ length: 480 * 302 }, (_, index) => drawing.data.subarray(index * 4, index * 4 + 3)).filter(
      ([r, g, b]) => r === 214 && g === 60 && b === 60
    )
    assert.isAbove(red.length, 3000)
  })

  it("are the same for the same seed and differ for others", () => {
    const draw = (seed: string) =>
      Specimen.draw({ document: "global-passport", side: "front", format: "jpeg", seed }).toString("base64")
    assert.strictEqual(draw("a"), draw("a"))
    assert.notStrictEqual(draw("a"), draw("b"))
  })

  it("have the asked size to the byte, and still decode", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("jpeg" as const, "png" as const),
        fc.oneof(fc.integer({ min: 40_000, max: 300_000 }), fc.constantFrom(88_000, 400_000)),
        (format, bytes) => {
          const file = Specimen.draw({ document: "global-passport", side: "front", format, seed: "1", bytes })
          assert.strictEqual(file.length, bytes)
          const { width } =
            format === "jpeg" ? jpeg.decode(file, { useTArray: true }) : Png.decode(file, { checkCrc: true })
          assert.strictEqual(width, 480)
        }
      ),
      { numRuns: 25 }
    )
  })

  it("reach every size around the limit of a JPEG segment", () => {
    const plain = Specimen.draw({ document: "global-passport", side: "front", format: "jpeg", seed: "1" }).length
    for (let extra = 65_525; extra < 65_550; extra++) {
      const bytes = plain + extra
      const file = Specimen.draw({ document: "global-passport", side: "front", format: "jpeg", seed: "1", bytes })
      assert.strictEqual(file.length, bytes)
    }
  })

  it("refuse a misspelled option", () => {
    const options = { document: "global-passport", side: "front", format: "png", seed: "1", byts: 30_000 } as const
    assert.throws(() => Specimen.draw(options), /Did you mean bytes\?/)
  })

  it("give the caller bytes of its own", () => {
    const options = { document: "global-passport", side: "front", format: "png", seed: "own" } as const
    Specimen.draw(options).fill(0)
    assert.strictEqual(Specimen.draw(options)[0], 0x89)
  })
})
