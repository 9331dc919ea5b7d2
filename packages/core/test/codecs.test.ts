/** A result as data: encoded, decoded, copied and compared. */
import { assert, describe, it } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import * as Effect from "effect/Effect"
import * as SchemaBinary from "effect/encoding/SchemaBinary"
import * as Equal from "effect/Equal"
import * as Hash from "effect/Hash"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as Assessment from "../src/Assessment.ts"
import { CheckResult } from "../src/CheckResult.ts"
import * as Document from "../src/Document.ts"
import * as DocumentDate from "../src/DocumentDate.ts"
import * as PersonalData from "../src/PersonalData.ts"
import { body, cleanPass, passing, photograph, base64 } from "./fixtures/answers.ts"
import { constantFrom, oneOf } from "./fixtures/arbitraries.ts"
import { rawOf, resultOf } from "./fixtures/results.ts"
import { reveal } from "./fixtures/reveal.ts"

const granted = PersonalData.PersonalData.layer({ actor: "test", purpose: "test", audit: () => Effect.void })

/** A schema's codec of JSON text. */
const textOf = <A, E, RD, RE>(schema: Schema.Codec<A, E, RD, RE>) => {
  const codec = Schema.fromJsonString(Schema.toCodecJson(schema))
  return { encode: Schema.encodeEffect(codec), decode: Schema.decodeEffect(codec) }
}

/** Any result: of a generated sample, or of an answer with faults inside. */
const anyResult: Arbitrary.Arbitrary<CheckResult> = oneOf(
  Arbitrary.schema(CheckResult),
  Arbitrary.filterMap(body, (text) => CheckResult.fromBody(text))
)

describe("CheckResult.View", () => {
  const { decode, encode } = textOf(CheckResult.View)

  it.effect.prop("decodes from JSON text to what was encoded, for any result", [anyResult], ([result]) =>
    Effect.gen(function* () {
      const view = CheckResult.view(result)
      assert.deepStrictEqual(yield* decode(yield* encode(view)), view)
    })
  )

  it.prop("is a value of its schema, for any result", [anyResult], ([result]) =>
    assert.isTrue(Schema.is(CheckResult.View)(CheckResult.view(result)))
  )

  it("has the facts of a check, and the size and hash of an image in place of its bytes", () => {
    const edited = { ...cleanPass.Result.ExtIdInfo.ocrIdInfo, surname: "OTHER" }
    const view = CheckResult.view(
      resultOf(passing({ ocrIdEditInfo: edited, idImage: "/9j/4A==", ocrIdBackInfo: "{" }), {
        document: Document.GlobalPassport,
        idSpoof: true
      })
    )
    assert.containSubset(view, {
      document: "GlobalPassport",
      edited: ["surname"],
      expectation: { documents: ["GlobalPassport"], idSpoof: true },
      ocrPassed: true,
      spoof: { front: { _tag: "Clear" } },
      warnings: [{ path: "Result.ExtIdInfo.ocrIdBackInfo" }],
      images: {
        front: {
          mediaType: "image/jpeg",
          size: 4,
          sha256: "ba4f25bf16ba4be6bc7d3276fafeb67f9eb3c5df042bc3a405e1af15b921eed7"
        }
      }
    })
  })
})

describe("CheckResult", () => {
  const { decode, encode } = textOf(CheckResult)

  it.effect.prop("decodes from JSON text to what was encoded, for any result", [anyResult], ([result]) =>
    Effect.gen(function* () {
      const again = yield* decode(yield* encode(result))
      assert.deepStrictEqual(reveal(again), reveal(result))
      assert.isTrue(Equal.equals(again, result))
    }).pipe(Effect.provide(granted))
  )

  it.effect.prop(
    "keeps the kind of document that was named",
    [
      Arbitrary.flatMap(constantFrom(...Document.names), (name) =>
        Arbitrary.schema(CheckResult.of(Document.kinds[name]))
      )
    ],
    ([result]) =>
      Effect.gen(function* () {
        const [name = "GlobalPassport"] = result.expectation.documents ?? []
        const { decode, encode } = textOf(CheckResult.of(Document.kinds[name]))
        const again = yield* decode(yield* encode(result))
        assert.deepStrictEqual(reveal(again), reveal(result))
      }).pipe(Effect.provide(granted))
  )

  it.effect("of one kind refuses another's result", () =>
    Effect.gen(function* () {
      const encoded = yield* encode(resultOf(passing()))
      const { decode } = textOf(CheckResult.of(Document.HongKongIdentityCard))
      assert.strictEqual((yield* Effect.flip(decode(encoded)))._tag, "SchemaError")
    }).pipe(Effect.provide(granted))
  )

  it.effect("notes an audit event for each encoding: whose data and why, never a value", () =>
    Effect.gen(function* () {
      const events: Array<PersonalData.AuditEvent> = []
      const audit = (event: PersonalData.AuditEvent) => Effect.sync(() => void events.push(event))
      const review = PersonalData.PersonalData.layer({ actor: "reviewer7", purpose: "manual review", audit })
      const result = { ...resultOf(passing({ idImage: "/9j/4A==" })), transactionId: "t1" }
      yield* Effect.provide(encode(result), review)
      yield* Effect.provide(Schema.encodeEffect(CheckResult.Wire)(result), review)
      const event = { transactionId: "t1", actor: "reviewer7", purpose: "manual review", at: 0 }
      const kinds = ["fields", "frontImage", "answer"] as const
      assert.deepStrictEqual(events, [
        { ...event, kinds },
        { ...event, kinds }
      ])
    })
  )

  it.effect("is not encoded if its audit fails", () =>
    Effect.gen(function* () {
      const broken = PersonalData.PersonalData.layer({ actor: "a", purpose: "p", audit: () => Effect.die("full") })
      const exit = yield* Effect.exit(Effect.provide(encode(resultOf(passing())), broken))
      assert.strictEqual(exit._tag, "Failure")
    })
  )
})

describe("CheckResult.Wire", () => {
  const wire = { encode: Schema.encodeEffect(CheckResult.Wire), decode: Schema.decodeUnknownEffect(CheckResult.Wire) }

  it.effect.prop("encodes what it decoded to the same answer again", [anyResult], ([result]) =>
    Effect.gen(function* () {
      const encoded = yield* wire.encode(result)
      const again = yield* wire.decode(JSON.parse(JSON.stringify(encoded)))
      assert.deepStrictEqual(yield* wire.encode(again), encoded)
    }).pipe(Effect.provide(granted))
  )

  it.effect.prop(
    "loses nothing of a result that is held against nothing",
    [Arbitrary.schema(CheckResult.Wire)],
    ([result]) =>
      Effect.gen(function* () {
        assert.deepStrictEqual(reveal(yield* wire.decode(yield* wire.encode(result))), reveal(result))
      }).pipe(Effect.provide(granted))
  )

  it.effect("writes nested documents as strings and images as Base64, as the service does", () =>
    Effect.gen(function* () {
      const { ExtIdInfo } = cleanPass.Result
      const image = base64(photograph(6000))
      const encoded = yield* wire.encode(resultOf(passing({ idImage: image, later: 1 })))
      const ext = JSON.stringify({
        ocrIdPassed: "Y",
        ocrIdInfo: JSON.stringify(ExtIdInfo.ocrIdInfo),
        spoofInfo: JSON.stringify(ExtIdInfo.spoofInfo),
        later: 1,
        idImage: image
      })
      assert.deepStrictEqual(encoded, { ...cleanPass, Result: { Passed: "Y", SubCode: "200", ExtIdInfo: ext } })
    }).pipe(Effect.provide(granted))
  )

  it.effect("keeps images and fields whatever the spelling of the keys around them", () =>
    Effect.gen(function* () {
      const ext = { IDIMAGE: "/9j/4A==", OCRIDINFO: { PASSPORTNO: "1" } }
      const spelled = { CODE: "Success", RESULT: { passed: "Y", subcode: "200", EXT_ID_INFO: ext } }
      const result = resultOf(JSON.stringify(spelled))
      const again = yield* wire.decode(yield* wire.encode(result))
      assert.deepStrictEqual(reveal(again), reveal(result))
      assert.strictEqual(again.images.front?.size, 4)
    }).pipe(Effect.provide(granted))
  )

  it.effect("keeps every value of a key that stands twice, so that it is no pass after a round trip, either", () =>
    Effect.gen(function* () {
      const large = base64(photograph(6000))
      const repeated = [
        passing().replace('"Passed":"Y"', '"Passed":"N","Passed":"Y"'),
        passing().replace('"Passed":"Y"', '"passed":"N","Passed":"Y"'),
        passing(
          {},
          { ExtIdInfo: `{"ocrIdPassed":"Y","ocrIdInfo":{"passportNo":"1"},"idImage":"/9j/4A==","IdImage":"/9j/4Q=="}` }
        ),
        passing({}, { ExtIdInfo: `{"ocrIdInfo":{"passportNo":"1"},"idImage":"${large}","idImage":"${large}"}` })
      ]
      for (const body of repeated) {
        const result = resultOf(body)
        const again = yield* wire.decode(yield* wire.encode(result))
        assert.deepStrictEqual(reveal(again), reveal(result))
        assert.containSubset(again.verdict, { reasonCode: "RepeatedKey" })
        const { decode, encode } = textOf(CheckResult)
        assert.deepStrictEqual(reveal(yield* decode(yield* encode(result))), reveal(result))
      }
    }).pipe(Effect.provide(granted))
  )

  it("refuses an answer without a result or the code Success, and quotes nothing of it", () => {
    const { Result: result } = cleanPass
    const refused = [
      { canary: 1 },
      { Code: "Success", Result: "canary" },
      { Result: result, Message: "canary" },
      { Code: "ProcessNotCompleted", Result: result, Message: "canary" },
      "canary",
      null
    ]
    for (const answer of refused) {
      for (const [codec, given] of [
        [CheckResult.Wire, answer],
        [CheckResult.WireText, JSON.stringify(answer)]
      ] as const) {
        const decoded = Schema.decodeUnknownResult(codec)(given)
        assert.isTrue(Result.isFailure(decoded))
        assert.notInclude(String(Result.isFailure(decoded) && decoded.failure), "canary")
      }
    }
  })

  it.effect("as text sees a key that stands twice, and encodes to text that still has both", () =>
    Effect.gen(function* () {
      const body = passing().replace('"Passed"', '"Passed" :"N","Passed"')
      const result = Schema.decodeSync(CheckResult.WireText)(body)
      const again = yield* Schema.decodeEffect(CheckResult.WireText)(
        yield* Schema.encodeEffect(CheckResult.WireText)(result)
      )
      for (const { verdict } of [result, again]) assert.containSubset(verdict, { reasonCode: "RepeatedKey" })
    }).pipe(Effect.provide(granted))
  )

  it.effect("keeps both of two documents under one key as they came", () =>
    Effect.gen(function* () {
      const result = resultOf(passing({ ocrIdInfo: { surname: "A" }, OcrIdInfo: { surname: "B" } }))
      const text = yield* Schema.encodeEffect(CheckResult.WireText)(result)
      assert.deepStrictEqual(rawOf(resultOf(text)), rawOf(result))
    }).pipe(Effect.provide(granted))
  )
})

describe("a pass that something else contradicts", () => {
  const result = resultOf(passing(), { document: Document.GlobalPassport })
  const risk = { _tag: "Risk", types: ["TAMPER"] } as const
  const changes = [
    { ocrPassed: false },
    { spoof: { ...result.spoof, front: risk } },
    { spoof: { ...result.spoof, back: risk } },
    { expectation: { documents: ["HongKongIdentityCard"] } },
    { document: "NotRead", ocr: { _tag: "NotRead" } },
    { document: "Unreadable", ocr: { _tag: "Unreadable", raw: Redacted.make("{") } },
    // Clear needs that the check was asked for.
    { spoof: { ...result.spoof, front: { _tag: "Clear", types: [] } } }
  ]

  it("is no result and no view: no answer leads to it, so someone changed what was stored", () => {
    const view = CheckResult.view(result)
    const assessed = { ...view, findings: [] }
    for (const { document, ocr, ...rest } of changes) {
      const inView = document === undefined ? rest : { ...rest, document }
      const change = ocr === undefined ? rest : { ...rest, ocr }
      assert.isFalse(Schema.is(CheckResult)({ ...result, ...change }))
      assert.isFalse(Schema.is(CheckResult.of(Document.GlobalPassport))({ ...result, ...change }))
      assert.throws(() => Schema.decodeUnknownSync(CheckResult.View)({ ...view, ...inView }), /contradicts/)
      assert.throws(() => Schema.decodeUnknownSync(Assessment.View)({ ...assessed, ...inView }), /contradicts/)
    }
    assert.isTrue(Schema.is(CheckResult)(result))
    assert.deepStrictEqual(Schema.decodeUnknownSync(Assessment.View)(assessed), assessed)
  })
})

describe("the binary form", () => {
  it.effect("that RPC can send keeps a result and its answer", () =>
    Effect.gen(function* () {
      const result = resultOf(passing({ idImage: "/9j/4A==" }), { document: Document.GlobalPassport })
      for (const schema of [
        CheckResult,
        CheckResult.of(Document.GlobalPassport),
        CheckResult.Wire,
        CheckResult.WireText
      ]) {
        const codec = SchemaBinary.toCodec(schema)
        const again = yield* Schema.decodeEffect(codec)(yield* Schema.encodeEffect(codec)(result))
        assert.deepStrictEqual(reveal(again.ocr), reveal(result.ocr))
        assert.deepStrictEqual(reveal(again.images), reveal(result.images))
      }
      const unreadable = { _tag: "Unreadable", raw: "1990-02-30", expected: "yyyy-MM-dd" } as const
      const dates = SchemaBinary.toCodec(DocumentDate.Unreadable)
      assert.deepStrictEqual(Schema.decodeSync(dates)(Schema.encodeSync(dates)(unreadable)), unreadable)
    }).pipe(Effect.provide(granted))
  )
})

describe("plain data", () => {
  const result = resultOf(passing({ idImage: "/9j/4A==", idBackImage: "*" }), { document: Document.GlobalPassport })

  it("can be spread, and its parts with it", () => {
    const order = { ...result, orderId: "order1" }
    assert.strictEqual(order.orderId, "order1")
    assert.strictEqual(Document.reveal({ ...order.ocr })?.passportNo, "L898902C3")
    assert.deepStrictEqual(Object.keys(order).toSorted(), [...Object.keys(result), "orderId"].toSorted())
  })

  it("is equal to another result of the same answer, and to no other", () => {
    const again = resultOf(passing({ idImage: "/9j/4A==", idBackImage: "*" }), { document: Document.GlobalPassport })
    assert.isTrue(Equal.equals(result, again))
    assert.isTrue(Equal.equals({ ...result }, again))
    assert.strictEqual(Hash.hash(result), Hash.hash(again))
    const others = [
      resultOf(passing({ idImage: "/9j/4A==", idBackImage: "*" })),
      resultOf(passing({ idImage: "/9j/4Q==", idBackImage: "*" }), { document: Document.GlobalPassport }),
      resultOf(passing({ idImage: "/9j/4A==", idBackImage: "*", more: 1 }), { document: Document.GlobalPassport })
    ]
    for (const other of others) assert.isFalse(Equal.equals(result, other))
  })

  it("keeps everything but people through structuredClone, and says so when they are asked for", () => {
    const copy = structuredClone(result)
    const { images, ocr, raw: _, warnings, ...facts } = result
    assert.containSubset(copy, facts)
    assert.containSubset(copy.images.front, { mediaType: "image/jpeg", size: images.front?.size })
    assert.strictEqual(copy.warnings[0]?.path, warnings[0]?.path)
    assert.notInclude(JSON.stringify(copy), "L898902C3")
    assert.strictEqual(copy.ocr._tag, ocr._tag)
    assert.throws(() => Document.reveal(copy.ocr), Document.PersonalDataMissing)
    assert.throws(() => CheckResult.view(copy), Document.PersonalDataMissing)
  })

  it("prints as its verdict and ids", () => {
    const printed = JSON.parse(JSON.stringify(result))
    assert.containSubset(printed, { ocrPassed: true, raw: "<redacted:answer>", verdict: { _tag: "Passed" } })
    assert.strictEqual(Redacted.isRedacted(result.raw) && rawOf(result)["Code"], "Success")
  })
})
