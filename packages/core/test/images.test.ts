/** Images are cut out of the bytes before anything is parsed. What a result holds does not show it. */
import { assert, describe, it } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import type * as Canned from "../src/Canned.ts"
import { CheckResult } from "../src/CheckResult.ts"
import { Cloudauth } from "../src/Cloudauth.ts"
import { constantFrom, integer, oneOf } from "./fixtures/arbitraries.ts"
import { base64, bytesOf, cleanPass, encoded, photograph, successWith } from "./fixtures/answers.ts"
import { rawOf, resultOf, warningsOf } from "./fixtures/results.ts"
import { reveal } from "./fixtures/reveal.ts"

const small = base64(photograph(3080))
const image = photograph(6000)
const run = base64(image)
const clear = cleanPass.Result.ExtIdInfo

const withExt = (ExtIdInfo: unknown) => successWith({ ...cleanPass.Result, ExtIdInfo })
const inText = (ext: string) => successWith({ ...cleanPass.Result, ExtIdInfo: ext })
const inPlace = (ext: string) => `{"Code":"Success","Result":{"Passed":"Y","SubCode":"200","ExtIdInfo":${ext}}}`

/** A body in pieces, cut at these places. */
const pieces = (bytes: Uint8Array, places: ReadonlyArray<number>): ReadonlyArray<Uint8Array> => {
  const sorted = places.map((place) => Math.min(place, bytes.length)).toSorted((a, b) => a - b)
  return [...sorted, bytes.length].map((end, i) => bytes.subarray(sorted[i - 1] ?? 0, end))
}

/** What a call gives whose response arrives in pieces. */
const received = (body: ReadonlyArray<Uint8Array>) => {
  const canned: Canned.Canned = Effect.succeed({ status: 200, headers: {}, body, protocolVersion: undefined })
  return Cloudauth.checkResult({ merchantBizId: "order1", transactionId: "t1" }).pipe(
    Effect.map(({ merchantBizId: _m, receivedAt: _r, transactionId: _t, ...result }) => reveal(result)),
    Effect.catch((error) => Effect.succeed(error._tag)),
    Effect.provide(Cloudauth.layerTest(() => canned))
  )
}

/** The same, parsed at once with every image in it: by the schema alone. */
const specified = (text: string): unknown => {
  try {
    return reveal(Schema.decodeUnknownSync(CheckResult.Wire)(JSON.parse(text)))
  } catch {
    return "DecodeError"
  }
}

const spoiled = constantFrom<(text: string) => string>(
  (text) => text,
  (text) => text,
  (text) => text.replace(/=+$/, ""),
  (text) => text.replaceAll("+", "-").replaceAll("/", "_"),
  (text) => `data:image/jpeg;base64,${text}`,
  (text) => `${text.slice(0, 100)}\n${text.slice(100)}`,
  (text) => `${text.slice(0, 40)}!${text.slice(41)}`,
  (text) => `${text.slice(0, 40)}é李${text.slice(43)}`,
  (text) => `${text.slice(0, 40)}"${text.slice(41)}`,
  (text) => `${text.slice(0, 40)}\\${text.slice(41)}`,
  (text) => `${text}=`,
  (text) => text.slice(1)
)

const picture = Arbitrary.map(
  Arbitrary.all([oneOf(integer(0, 60), constantFrom(3069, 3072), integer(3000, 6000)), integer(0, 9), spoiled]),
  ([size, seed, spoil]) => spoil(base64(photograph(size, seed)))
)

const entry = Arbitrary.map(
  Arbitrary.all([
    constantFrom("idImage", "idBackImage", "IdImage", "idimage", "xidImage", 'x"idImage', "note"),
    picture
  ]),
  ([key, value]) => ({ [key]: value })
)

const respelled = constantFrom<(text: string) => string>(
  (text) => text,
  (text) => text,
  (text) => text.replaceAll("/", "\\/"),
  (text) => text.replaceAll("=", "\\u003d"),
  (text) => text.replaceAll(":", " : "),
  (text) => text.replaceAll(":", ":\n\t")
)

const answer = Arbitrary.map(
  Arbitrary.all([entry, entry, entry, entry, integer(0, 3), respelled]),
  ([one, other, inDocument, onTop, times, respell]) => {
    const ext = {
      ...clear,
      ...one,
      ...other,
      ocrIdBackInfo: encoded({ name: JSON.stringify(inDocument), ...inDocument }, 1)
    }
    return respell(successWith({ ...cleanPass.Result, ExtIdInfo: encoded(ext, times) }, onTop))
  }
)

describe("an answer with images", () => {
  it.effect.prop(
    "is read as by its schema, in whatever pieces it comes",
    [answer, Arbitrary.array(integer(0, 15_000), { maxLength: 20 })],
    ([text, places]) =>
      Effect.gen(function* () {
        assert.deepStrictEqual(yield* received(pieces(bytesOf(text), places)), specified(text))
      }),
    { arbitrary: { runs: 200 } }
  )

  it.effect("is read the same wherever it is cut in two or three", () =>
    Effect.gen(function* () {
      for (const ext of [JSON.stringify({ ...clear, idImage: small }), { ...clear, idBackImage: small }]) {
        const text = withExt(ext)
        const bytes = bytesOf(text)
        const expected = specified(text)
        const [from, until] = [text.indexOf(small) - 20, text.indexOf(small) + small.length - 10]
        for (const start of [from, until]) {
          for (let at = start; at < start + 30; at++) {
            assert.deepStrictEqual(yield* received(pieces(bytes, [at])), expected)
            assert.deepStrictEqual(yield* received(pieces(bytes, [at, at + 1, at + 2000])), expected)
          }
        }
      }
    })
  )

  it.effect.each([
    ["the same key twice", `{"idImage":"${run}","idImage":"${base64(photograph(7000))}"}`],
    ["the same image twice", `{"idImage":"${run}","idImage":"${run}"}`],
    ["the same key twice, short last", `{"idImage":"${run}","idImage":"AAAA"}`],
    ["the same key twice, null last", `{"idImage":"${run}","idImage":null}`],
    ["the key in another case", `{"IDIMAGE":"${run}"}`],
    ["the key in a document", `{"ocrIdInfo":{"idImage":"${run}"}}`],
    ["the key in a person's name", JSON.stringify({ ocrIdInfo: { name: `"idImage":"${run}"` } })],
    ["the key in an unknown list", `{"more":[{"idImage":"${run}"}]}`],
    ["an image that is no string", `{"idImage":["${run}"]}`],
    ["a tab after the colon", `{"idImage":\t"${run}"}`],
    ["spaces around the colon", `{"idImage"  :  "${run}"}`],
    ["invalid Base64", `{"idImage":"${run.slice(1)}"}`],
    ["a bad character", `{"idImage":"${run.slice(0, 9)}*${run.slice(10)}"}`],
    ["no end", `{"idImage":"${run}`],
    ["an escaped quote", `{"idImage":"${run}\\"${run}"}`],
    ["back slashes at the end", `{"idImage":"${run}\\\\"}`]
  ] as const)("is read as by its schema if it has %j", ([, ext]) =>
    Effect.gen(function* () {
      for (const text of [inText(ext), inPlace(ext), `{"Code":"Success","Result":${ext}}`]) {
        // The schema takes values: of a key that JSON.parse would drop it can't know.
        if (/"idImage":.*"idImage":/.test(ext)) continue
        assert.deepStrictEqual(yield* received([bytesOf(text)]), specified(text))
      }
      const texts = JSON.stringify(yield* received([bytesOf(inText(ext))]))
      // A token that stands for an image looks like a UUID; the request's id is no such thing here.
      assert.notMatch(texts.replaceAll("130A2C10-B9EE-4D84-88E3-5384FF030000", ""), /[0-9a-f]{8}-[0-9a-f]{4}-/i)
    })
  )

  it("keeps both sides, byte for byte", () => {
    const back = photograph(5000, 9)
    const { images } = resultOf(withExt(JSON.stringify({ ...clear, idBackImage: base64(back), idImage: run })))
    assert.deepStrictEqual(images.front && Redacted.value(images.front.bytes), image)
    assert.deepStrictEqual(images.back && Redacted.value(images.back.bytes), back)
  })

  it("leaves them out of raw; what is no image stays there, with a warning", () => {
    const good = resultOf(withExt(JSON.stringify({ ...clear, idImage: run })))
    assert.notInclude(JSON.stringify(rawOf(good)), run.slice(0, 100))
    const bad = `${run.slice(0, 9)}*${run.slice(10)}`
    const result = resultOf(withExt(JSON.stringify({ ...clear, idImage: bad })))
    assert.deepStrictEqual(warningsOf(result), [["Result.ExtIdInfo.idImage", bad]])
    assert.include(JSON.stringify(rawOf(result)), bad)
  })
})
