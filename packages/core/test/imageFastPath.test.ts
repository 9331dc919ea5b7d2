import { afterEach, describe, expect, it, vi } from "@effect/vitest"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as fc from "fast-check"
import * as Answer from "../src/Answer.ts"
import * as envelope from "../src/internal/envelope.ts"
import { cut } from "../src/internal/imageFastPath.ts"
import * as base64 from "../src/internal/base64.ts"
import { fromEnvelope } from "../src/internal/readResult.ts"
import { base64 as toBase64, bytesOf, failure, photograph, success, successWith } from "./fixtures/answers.ts"
import { reveal, shown } from "./fixtures/reveal.ts"
import { utf16 } from "./fixtures/text.ts"

/** A body in pieces, cut at these places. */
const pieces = (bytes: Uint8Array, places: ReadonlyArray<number>): ReadonlyArray<Uint8Array> => {
  const sorted = [...places].map((place) => Math.min(place, bytes.length)).sort((a, b) => a - b)
  return [...sorted, bytes.length].map((end, i) => bytes.subarray(sorted[i - 1] ?? 0, end))
}

/** What an envelope becomes, by whichever way it was read. */
const outcome = (read: envelope.Envelope | undefined, body: ReadonlyArray<Uint8Array>): unknown =>
  read === undefined
    ? "no envelope"
    : reveal(
        Result.match(fromEnvelope(read, body), {
          onFailure: (malformed) => ({ malformed }),
          onSuccess: (result) => ({ result })
        })
      )

const fast = (body: ReadonlyArray<Uint8Array>) => outcome(envelope.read(body), body)
const general = (bytes: Uint8Array) => outcome(envelope.readGeneral([bytes]), [bytes])

const agree = (text: string | Uint8Array, places: ReadonlyArray<number> = []): void => {
  const bytes = typeof text === "string" ? bytesOf(text) : text
  expect(fast(pieces(bytes, places))).toEqual(general(bytes))
}

/** What is written as a photograph and worth cutting; no piece may end within the key, or within what closes the run. */
const writing = /"(?:idImage|idBackImage)(?<depth>\\*)" *: *\k<depth>"(?<run>[A-Za-z0-9+/_=-]{4096,})(?=\k<depth>")/g

const runsOf = (text: string, places: ReadonlyArray<number>) =>
  [...text.matchAll(writing)].flatMap(({ 0: all, groups: { depth = "", run = "" } = {}, index }) => {
    const end = index + all.length
    const start = end - run.length
    const image = base64.decode(run)
    const isSplit = places.some((at) => (at > index && at < start) || (at > end && at <= end + depth.length))
    return image === undefined || isSplit ? [] : [{ start, end, image }]
  })

/** Expects that just the photographs were cut out, and that all else is as it was. */
const cutsTheRuns = (bytes: Uint8Array, places: ReadonlyArray<number>, found = cut(pieces(bytes, places))): number => {
  const text = Buffer.from(bytes).toString("latin1")
  const runs = runsOf(text, places)
  expect(found?.cuts.map((one) => Buffer.from(one.bytes))).toEqual(
    runs.length === 0 ? undefined : runs.map(({ image }) => Buffer.from(image))
  )
  if (found === undefined) return 0
  const tokens = found.cuts.map(({ token }) => token)
  expect(new Set(tokens).size).toBe(tokens.length)
  const rest = runs.map(({ end }, i) => `${tokens[i]}${text.slice(end, runs[i + 1]?.start)}`)
  expect(Buffer.concat(found.chunks).toString("latin1")).toBe(text.slice(0, runs[0]?.start) + rest.join(""))
  return runs.length
}

const image = photograph(6000)
const run = toBase64(image)

const frontOf = (text: string) => {
  const { front } = Result.getOrThrow(Answer.decode(text)).images
  return front === undefined ? undefined : Redacted.value(front.bytes)
}

/** An object as it is written: keys may be repeated, which no object of the language can hold. */
interface Written {
  readonly entries: ReadonlyArray<readonly [key: string, value: Value]>
}

/** A value that is written as a JSON string of its own text. */
interface Encoded {
  readonly encoded: Value
  readonly style: Style
}

type Value = string | number | null | Written | Encoded

/** How a level is spelled; each spelling means the same. */
interface Style {
  readonly beforeColon: string
  readonly afterColon: string
  readonly slash: string
  readonly equals: string
  readonly escapeKeys: boolean
}

const quote = (text: string, style: Style): string =>
  JSON.stringify(text).replaceAll("/", style.slash).replaceAll("=", style.equals)

const quoteKey = (key: string, style: Style): string =>
  style.escapeKeys
    ? `"${[...key].map((c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`).join("")}"`
    : quote(key, style)

const write = (value: Value, style: Style): string => {
  if (value === null || typeof value === "number") return String(value)
  if (typeof value === "string") return quote(value, style)
  if ("encoded" in value) return quote(write(value.encoded, value.style), style)
  const entries = value.entries.map(
    ([key, inner]) => `${quoteKey(key, style)}${style.beforeColon}:${style.afterColon}${write(inner, style)}`
  )
  return `{${entries.join(",")}}`
}

const spaces = fc.oneof(
  { weight: 6, arbitrary: fc.constant("") },
  { weight: 1, arbitrary: fc.constantFrom(" ", "  ", "\n", "\t ") }
)
const style: fc.Arbitrary<Style> = fc.record({
  beforeColon: spaces,
  afterColon: spaces,
  slash: fc.oneof({ weight: 5, arbitrary: fc.constant("/") }, { weight: 1, arbitrary: fc.constant("\\/") }),
  equals: fc.oneof({ weight: 5, arbitrary: fc.constant("=") }, { weight: 1, arbitrary: fc.constant("\\u003d") }),
  escapeKeys: fc.oneof({ weight: 12, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) })
})

/** Base64 of 0 to 15 KB, that is up to 20 KB of text, and what could be taken for it. */
const picture: fc.Arbitrary<string> = fc
  .record({
    size: fc.oneof(fc.nat({ max: 60 }), fc.constantFrom(3069, 3072), fc.integer({ min: 3000, max: 15_000 })),
    seed: fc.nat(),
    spoil: fc.oneof(
      { weight: 8, arbitrary: fc.constant((text: string) => text) },
      {
        weight: 4,
        arbitrary: fc.constantFrom(
          (text: string) => text.replace(/=+$/, ""),
          (text: string) => text.replaceAll("+", "-").replaceAll("/", "_"),
          (text: string) => `data:image/jpeg;base64,${text}`,
          (text: string) => `${text.slice(0, 100)}\n${text.slice(100)}`,
          (text: string) => `${text.slice(0, 50)} ${text.slice(50)}`,
          (text: string) => `${text.slice(0, 40)}!${text.slice(41)}`,
          (text: string) => `${text.slice(0, 40)}é李${text.slice(43)}`,
          (text: string) => `${text.slice(0, 40)}"${text.slice(41)}`,
          (text: string) => `${text.slice(0, 40)}\\${text.slice(41)}`,
          (text: string) => `${text.slice(0, 40)}==${text.slice(42)}`,
          (text: string) => `${text}=`,
          (text: string) => text.slice(1)
        )
      }
    )
  })
  .map(({ seed, size, spoil }) => spoil(toBase64(photograph(size, seed))))

const imageKey = fc.constantFrom("idImage", "idBackImage", "IdImage", "idimage", "xidImage", 'x"idImage')
const imageEntry = fc.tuple(imageKey, picture)

/** Text that looks like the writing of a photograph, as a person's name or a message could hold it. */
const lookAlike: fc.Arbitrary<string> = fc
  .tuple(imageEntry, style)
  .map(([entry, how]) => write({ entries: [entry] }, how).slice(1, -1))

const written = (entries: fc.Arbitrary<ReadonlyArray<readonly [string, Value]>>): fc.Arbitrary<Written> =>
  entries.map((all) => ({ entries: all }))

const encodedSometimes = (value: fc.Arbitrary<Value>, times = 3): fc.Arbitrary<Value> =>
  times === 0
    ? value
    : fc.oneof(value, fc.record({ encoded: encodedSometimes(value, times - 1), style }) as fc.Arbitrary<Value>)

const ocr = written(
  fc.array(
    fc.oneof(
      fc.tuple(fc.constantFrom("name", "sex", "birthDate"), fc.constantFrom("x", "M", "1990-01-01")),
      fc.tuple(fc.constantFrom("name", "note"), lookAlike),
      imageEntry
    ),
    { maxLength: 2 }
  )
)

const ext = written(
  fc
    .tuple(
      fc.array(imageEntry, { maxLength: 3 }),
      fc.array(
        fc.oneof(
          fc.tuple(fc.constantFrom("ocrIdInfo", "ocrIdBackInfo"), encodedSometimes(ocr, 2)),
          fc.tuple(fc.constant("note"), lookAlike),
          fc.constant(["ocrIdPassed", "Y"] as const)
        ),
        { maxLength: 3 }
      )
    )
    .map(([images, others]): ReadonlyArray<readonly [string, Value]> => [...images, ...others])
)

/** None as a rule, one now and then. */
const seldom = <A>(value: fc.Arbitrary<A>): fc.Arbitrary<ReadonlyArray<A>> =>
  fc.oneof(
    { weight: 6, arbitrary: fc.constant<ReadonlyArray<A>>([]) },
    { weight: 1, arbitrary: value.map((one) => [one]) }
  )

const answer: fc.Arbitrary<string> = fc
  .record({
    style,
    ext: encodedSometimes(ext),
    inResult: seldom(imageEntry),
    onTop: seldom(imageEntry),
    repeated: seldom(encodedSometimes(ext))
  })
  .map(({ ext, inResult, onTop, repeated, style }) =>
    write(
      {
        entries: [
          ["RequestId", "r1"],
          ["Code", "Success"],
          ...onTop,
          [
            "Result",
            {
              entries: [
                ["Passed", "Y"],
                ...repeated.map((other) => ["ExtIdInfo", other] as const),
                ...inResult,
                ["SubCode", "200"],
                ["ExtIdInfo", ext]
              ]
            }
          ]
        ]
      },
      style
    )
  )

/** Bytes of an answer, perhaps with some of them changed. */
const answerBytes: fc.Arbitrary<Uint8Array> = fc
  .tuple(
    answer,
    fc.oneof(
      { weight: 3, arbitrary: fc.constant([]) },
      {
        weight: 1,
        arbitrary: fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat({ max: 255 })), {
          maxLength: 3
        })
      }
    )
  )
  .map(([text, changes]) => {
    const bytes = bytesOf(text)
    for (const [where, byte] of changes) bytes[Math.min(bytes.length - 1, Math.floor(where * bytes.length))] = byte
    return bytes
  })

/** Where a body is cut in pieces: seldom, or often; empty pieces included. */
const places = fc.oneof(
  fc.constant([]),
  fc.array(fc.nat({ max: 6000 }), { maxLength: 3 }),
  fc.array(fc.nat({ max: 25_000 }), { maxLength: 40, size: "max" })
)

afterEach(() => {
  vi.unstubAllGlobals()
  vi.resetModules()
})

describe("imageFastPath", () => {
  it("agrees with the general way for any answer with photographs", () => {
    let cuts = 0
    let total = 0
    fc.assert(
      fc.property(answerBytes, places, (bytes, at) => {
        total++
        if (cut(pieces(bytes, at)) !== undefined) cuts++
        agree(bytes, at)
      }),
      { numRuns: 600 }
    )
    // The property would hold, and say nothing, if the fast way were never taken.
    expect(cuts).toBeGreaterThan(total / 10)
  })

  // Agreement alone would not show it: what was cut wrongly is read again by the general way.
  it("cuts the photographs of any answer, and nothing else", () => {
    let cuts = 0
    let total = 0
    fc.assert(
      fc.property(answerBytes, places, (bytes, at) => {
        total++
        cuts += cutsTheRuns(bytes, at)
      }),
      { numRuns: 600 }
    )
    expect(cuts).toBeGreaterThan(total / 10)
  })

  it("cuts nothing under another key, in whatever pieces it comes", () => {
    const bytes = bytesOf(success({ portrait: toBase64(photograph(3080)), ocrIdPassed: "Y" }))
    for (let at = 0; at < bytes.length; at += 7) {
      expect(cut(pieces(bytes, [at]))).toBeUndefined()
      expect(cut(pieces(bytes, [at, at + 500]))).toBeUndefined()
    }
  })

  it.each([
    ["no key", `:"${run}"`],
    ["no quote before the key", `idImage":"${run}"`],
    ["a longer key", `"xidImage":"${run}"`],
    ["no colon", `"idImage","${run}"`],
    ["no quote before the run", `"idImage":1${run}"`],
    ["a back slash before the run", `"idImage":\\"${run}"`],
    ["a back slash after the run", `"idImage":"${run}\\"`],
    ["a back slash before the run alone", `\\"idImage\\":\\"${run}"`],
    ["no quote after the run", `"idImage":"${run}`]
  ])("cuts nothing where there is %s", (_, text) => {
    expect(cut([bytesOf(text)])).toBeUndefined()
    expect(cut([bytesOf(`{${text}}`)])).toBeUndefined()
  })

  it.each([
    ["a string", success({ idImage: run })],
    ["an object", successWith({ Passed: "Y", SubCode: "200", ExtIdInfo: { idImage: run } })],
    ["a string of a string", success({}, { ExtIdInfo: JSON.stringify(JSON.stringify({ idImage: run })) })]
  ])("cuts a photograph out of %s, and keeps its bytes", (_, text) => {
    expect(cut([bytesOf(text)])?.cuts).toHaveLength(1)
    expect(frontOf(text)).toEqual(image)
    agree(text)
  })

  it("agrees for every place where a body can be cut in two, and in three", () => {
    const small = toBase64(photograph(3080))
    for (const text of [
      success({ idImage: small, ocrIdPassed: "Y" }),
      successWith({ Passed: "Y", SubCode: "200", ExtIdInfo: { idImage: small } }),
      success({}, { ExtIdInfo: JSON.stringify(JSON.stringify({ idBackImage: small })) })
    ]) {
      const bytes = bytesOf(text)
      const expected = general(bytes)
      const from = text.indexOf("mage") - 12
      const until = text.lastIndexOf(small) + small.length
      const interesting = [
        ...Array.from({ length: 40 }, (_, i) => from + i),
        ...Array.from({ length: 20 }, (_, i) => until - 10 + i)
      ]
      for (const at of interesting) {
        expect(fast(pieces(bytes, [at]))).toEqual(expected)
        expect(fast(pieces(bytes, [at, at + 1]))).toEqual(expected)
        expect(fast(pieces(bytes, [at, at + 2000]))).toEqual(expected)
      }
    }
  })

  it("cuts a photograph that came in pieces", () => {
    const bytes = bytesOf(success({ idImage: run }))
    expect(cut(pieces(bytes, [2000, 2001, 2003, 4000]))?.cuts.map((found) => found.bytes)).toEqual([image])
  })

  it("cuts front and back", () => {
    const back = photograph(5000, 9)
    const text = success({ idBackImage: toBase64(back), ocrIdPassed: "Y", idImage: run })
    expect(cut([bytesOf(text)])?.cuts).toHaveLength(2)
    const { images } = Result.getOrThrow(Answer.decode(text))
    expect(images.front && Redacted.value(images.front.bytes)).toEqual(image)
    expect(images.back && Redacted.value(images.back.bytes)).toEqual(back)
    agree(text)
  })

  it.each([
    ["= written as \\u003d", (text: string) => text.replaceAll("=", "\\u003d")],
    ["= written as \\u003d in the outer string", (text: string) => text.replaceAll("=", "\\\\u003d")],
    ["/ written as \\/", (text: string) => text.replaceAll("/", "\\/")],
    ["/ written as \\/ in the inner string", (text: string) => text.replaceAll("/", "\\\\/")]
  ])("reads a photograph with %s", (_, spell) => {
    const padded = photograph(6001)
    const text = spell(success({ idImage: toBase64(padded) }))
    expect(frontOf(text)).toEqual(padded)
    agree(text)
  })

  it.each([
    ["the same key twice", `{"idImage":"${run}","idImage":"${toBase64(photograph(7000))}"}`],
    ["the same key twice, short last", `{"idImage":"${run}","idImage":"AAAA"}`],
    ["the same key twice, short first", `{"idImage":"AAAA","idImage":"${run}"}`],
    ["the same key twice, null last", `{"idImage":"${run}","idImage":null}`],
    ["the key in another case", `{"IDIMAGE":"${run}"}`],
    ["the key in a nested document", `{"ocrIdInfo":{"idImage":"${run}"}}`],
    ["the key in a person's name", JSON.stringify({ ocrIdInfo: { name: `"idImage":"${run}"` } })],
    ["the key in an unknown list", `{"more":[{"idImage":"${run}"}]}`],
    ["a photograph that is no string", `{"idImage":["${run}"]}`],
    ["a photograph that is a number", `{"idImage":${"1".repeat(5000)}}`],
    ["a tab after the colon", `{"idImage":\t"${run}"}`],
    ["spaces around the colon", `{"idImage"  :  "${run}"}`],
    ["invalid Base64", `{"idImage":"${run.slice(1)}"}`],
    ["a bad character", `{"idImage":"${run.slice(0, 9)}*${run.slice(10)}"}`],
    ["a character of two bytes", `{"idImage":"${run.slice(0, 9)}é${run.slice(10)}"}`],
    ["no end", `{"idImage":"${run}`],
    ["an escaped quote", `{"idImage":"${run}\\"${run}"}`],
    ["back slashes at the end", `{"idImage":"${run}\\\\"}`]
  ])("agrees where there is %s", (_, inner) => {
    agree(success({}, { ExtIdInfo: inner }))
    agree(`{"Code":"Success","Result":{"Passed":"Y","SubCode":"200","ExtIdInfo":${inner}}}`)
    agree(`{"Code":"Success","Result":${inner}}`)
  })

  it("agrees where the run holds a byte that is not UTF-8", () => {
    const bytes = bytesOf(success({ idImage: run }))
    bytes[Buffer.from(bytes).indexOf(run) + 10] = 0xff
    agree(bytes)
  })

  it("warns of what is no Base64, and keeps it", () => {
    const spoiled = `${run.slice(0, 9)}*${run.slice(10)}`
    const result = Result.getOrThrow(Answer.decode(success({ idImage: spoiled })))
    expect(result.images.front).toBeUndefined()
    expect(result.warnings.map((warning) => [warning.path, Redacted.value(warning.raw)])).toEqual([
      ["Result.ExtIdInfo.idImage", spoiled]
    ])
    expect(JSON.stringify(Redacted.value(result.raw))).toContain(spoiled)
  })

  it("shows no token in a warning or in raw", () => {
    for (const text of [
      success({}, { ExtIdInfo: `{"idImage":"${run}",` }),
      success({ more: { idImage: run } }),
      success({ ocrIdInfo: `{"idImage":"${run}"` })
    ]) {
      const result = Result.getOrThrow(Answer.decode(text))
      expect(JSON.stringify(reveal(result))).not.toMatch(/image[0-9a-f-]{36}x\d/)
      expect(JSON.stringify(reveal(result))).toContain(run)
    }
  })

  it("is all that is read where every photograph stands in its place", () => {
    const read = envelope.read([bytesOf(success({ idImage: run, idBackImage: run }))])
    if (read === undefined) throw new Error("no envelope")
    const { images } = Result.getOrThrow(fromEnvelope(read, [bytesOf(success({}))]))
    expect([images.front?.size, images.back?.size]).toEqual([image.length, image.length])
  })

  it("has tokens that nobody can guess: another process has others", async () => {
    const body = [bytesOf(success({ idImage: run }))]
    const tokenOf = (rest: ReturnType<typeof cut>) => rest?.cuts[0]?.token
    vi.resetModules()
    const other = await import("../src/internal/imageFastPath.ts")
    expect(tokenOf(cut(body))).toBeDefined()
    expect(tokenOf(other.cut(body))).not.toBe(tokenOf(cut(body)))
  })

  it("keeps the server's words where they look like a photograph", () => {
    const message = `"idImage":"${run}"`
    const error = Result.flip(Answer.decode(failure("InvalidParameter", message)))
    expect(Result.isSuccess(error) && "serverMessage" in error.success && shown(error.success.serverMessage)).toBe(
      message
    )
  })
})

/** Base64 as the language of its characters, apart from the implementation. */
const referenceDecode = (text: string): Uint8Array | undefined => {
  const [, significant = "", padding = ""] = /^([A-Za-z0-9+/_-]*)(={0,2})$/.exec(text) ?? [undefined, "A"]
  if (significant.length % 4 === 1) return undefined
  if (padding !== "" && (significant.length + padding.length) % 4 !== 0) return undefined
  return new Uint8Array(Buffer.from(significant, "base64"))
}

describe("base64", () => {
  const texts = fc.oneof(
    fc.uint8Array({ maxLength: 40 }).map(toBase64),
    fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString("base64url")),
    fc.string({
      unit: fc.constantFrom("A", "b", "9", "+", "/", "=", "-", "_", " ", "\n", "!", "é", "李"),
      maxLength: 12
    }),
    utf16
  )

  it("reads what it wrote", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 70_000, size: "max" }), (bytes) => {
        expect(base64.encode(bytes)).toBe(toBase64(bytes))
        expect(Buffer.compare(base64.decode(base64.encode(bytes)) ?? Buffer.of(0), bytes)).toBe(0)
      }),
      { numRuns: 20 }
    )
  })

  it("agrees with the reference for any text, in whatever pieces it comes", () => {
    fc.assert(
      fc.property(texts, fc.array(fc.nat({ max: 60 }), { maxLength: 6 }), (text, at) => {
        const expected = referenceDecode(text)
        expect(base64.decode(text)).toEqual(expected)
        expect(base64.decodeChunks(pieces(bytesOf(text), at))).toEqual(expected)
      }),
      { numRuns: 1000 }
    )
  })

  it.each([
    ["", []],
    ["AA==", [0]],
    ["AA", [0]],
    ["AAA=", [0, 0]],
    ["+/+/", [251, 255, 191]],
    ["-_-_", [251, 255, 191]]
  ])("reads %j", (text, bytes) => {
    expect(base64.decode(text)).toEqual(Uint8Array.from(bytes))
  })

  it.each([
    "A",
    "AAAAA",
    "A===",
    "AA=",
    "=",
    "====",
    "AA==AAAA",
    "A A A",
    "AAA!",
    "é",
    "AAAA\n",
    "李AAA",
    "data:,AAAA"
  ])("refuses %j", (text) => {
    expect(base64.decode(text)).toBeUndefined()
  })

  it("drops a data: prefix and white space where asked to", () => {
    expect(base64.decodeTolerant("data:image/png;base64,AA\r\nAA")).toEqual(new Uint8Array(3))
    expect(base64.decodeTolerant("AA AA")).toEqual(new Uint8Array(3))
    expect(base64.decodeTolerant("A*AA")).toBeUndefined()
  })

  it.each(["AAAAdata:,AAAA", "AAAA data:image/png;base64,AAAA", "data:,data:,AAAA"])(
    "takes no data: but at the beginning for a prefix: %j",
    (text) => {
      expect(base64.decodeTolerant(text)).toBeUndefined()
    }
  )

  it("and the fast way agree with themselves on a runtime without Buffer", async () => {
    const cases = fc.sample(texts, 200)
    const text = success({ idImage: run, idBackImage: run })
    const NodeBuffer = Buffer
    vi.stubGlobal("Buffer", undefined)
    vi.resetModules()
    const edgeBase64 = await import("../src/internal/base64.ts")
    const edgeFastPath = await import("../src/internal/imageFastPath.ts")
    const got = cases.map((text) => [edgeBase64.decode(text), edgeBase64.decodeTolerant(` ${text}\n`)])
    const bytes = bytesOf(text)
    const rest = edgeFastPath.cut(pieces(bytes, [3000, 5001]))
    vi.stubGlobal("Buffer", NodeBuffer)
    expect(got).toEqual(cases.map((text) => [base64.decode(text), base64.decodeTolerant(` ${text}\n`)]))
    expect(cutsTheRuns(bytes, [3000, 5001], rest)).toBe(2)
  })
})
