/** What came but can't be understood: no pass with it is accepted by the standard policy. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Canned from "../src/Canned.ts"
import * as Document from "../src/Document.ts"
import { base64 } from "./fixtures/answers.ts"
import { decided } from "./fixtures/assessed.ts"

const withField = (name: Document.Name, field: string, value: unknown) =>
  decided<Document.Kind>(Document.kinds[name], { ext: { ocrIdInfo: { ...Canned.fields[name], [field]: value } } })

describe("a field that can't be understood", () => {
  it.effect.each([
    ["GlobalPassport", "sex", "Q", "SexUnreadable"],
    ["PrcResidentIdentityCard", "sex", "女M", "SexUnreadable"],
    ["HongKongIdentityCard", "sex", "-", "SexUnreadable"],
    ["GlobalPassport", "sex", ["F"], "EvidenceUnreadable"],
    ["HongKongIdentityCard", "isPermanent", {}, "EvidenceUnreadable"],
    ["GlobalPassport", "surname", "CHAN ***", "EvidenceUnreadable"],
    ["GlobalPassport", "givenname", "M?LLER", "EvidenceUnreadable"],
    ["PrcResidentIdentityCard", "name", "陈□文", "EvidenceUnreadable"],
    ["GlobalPassport", "birthDate", "1974-08-11T16:00:00Z", "DateUnreadable"],
    ["GlobalPassport", "expiryDate", "2032-04-15 99:99", "DateUnreadable"],
    ["MainlandTravelPermitHongKongMacao", "issueDate", "2019-02-30", "DateUnreadable"],
    ["MainlandTravelPermitTaiwan", "issueDate", "yesterday", "DateUnreadable"],
    ["HongKongIdentityCard", "currentIssueDate", "99-99-99", "DateUnreadable"],
    ["HongKongIdentityCard", "currentIssueDate", "30-02-18", "DateUnreadable"],
    ["HongKongIdentityCard", "currentIssueDate", "31-11-18", "DateUnreadable"],
    ["HongKongIdentityCard", "firstIssueDate", "?", "DateUnreadable"]
  ] as const)("of %s, %s as %j, is reviewed for %s", ([name, field, value, code]) =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* withField(name, field, value), ["review", `${code} ${field}`])
    })
  )

  it.effect.each([
    ["HongKongIdentityCard", "sex", "女 F"],
    ["HongKongIdentityCard", "sex", ""],
    ["HongKongIdentityCard", "currentIssueDate", "26-11-18"],
    ["HongKongIdentityCard", "currentIssueDate", "29-02-20"],
    ["HongKongIdentityCard", "currentIssueDate", "31-12-18"],
    ["HongKongIdentityCard", "firstIssueDate", "(06-03)"],
    ["HongKongIdentityCard", "firstIssueDate", "（06-03）"],
    ["HongKongIdentityCard", "firstIssueDate", "2003-06"],
    ["HongKongIdentityCard", "isPermanent", "***"],
    ["HongKongIdentityCard", "symbols", "***AZ"],
    ["PrcResidentIdentityCard", "address", "样本路*号?"],
    ["GlobalPassport", "sex", "<"],
    ["GlobalPassport", "expiryDate", "2032-04-15 23:59:59"]
  ] as const)("is none of %s, %s as %j", ([name, field, value]) =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* withField(name, field, value), ["accept"])
    })
  )
})

const hex = (text: string) => [...Buffer.from(text.replaceAll(" ", ""), "hex")]
const ascii = (text: string) => [...Buffer.from(text)]

/** Small files, whole, each with its end. */
const whole: ReadonlyArray<readonly [string, ReadonlyArray<number>]> = [
  // A preview inside a segment ends first; a scan with a stuffed byte and a restart follows; a fill byte; the end.
  ["JPEG", hex("ffd8 ffe1 0008 ffd80102ffd9 ffda 0003 01 07ff00ffd008 ffffd9")],
  ["PNG", hex("89504e470d0a1a0a 00000001 49444154 01 02030405 00000000 49454e44 01020304")],
  ["GIF", ascii("GIF89a123;")],
  ["WebP", [...ascii("RIFF"), ...hex("08000000"), ...ascii("WEBPVP8 ")]],
  ["BMP", [...ascii("BM"), ...hex("1a000000"), ...ascii("12345678901234567890")]],
  ["HEIC", [...hex("0000000c"), ...ascii("ftypheic"), ...hex("0000000a"), ...ascii("mdat12")]]
]

const read = (image: ReadonlyArray<number>) =>
  decided(Document.GlobalPassport, { image: base64(Uint8Array.from(image)) })

describe("an image", () => {
  it.effect.each(whole)("that is a whole %s is accepted, also with a trailer", ([format, image]) =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* read(image), ["accept"])
      if (format !== "GIF") assert.deepStrictEqual(yield* read([...image, ...ascii("SEFT")]), ["accept"])
    })
  )

  it.effect.each(whole)("that is a %s cut off anywhere is reviewed", ([, image]) =>
    Effect.gen(function* () {
      for (let end = 1; end < image.length; end++) {
        assert.deepStrictEqual(yield* read(image.slice(0, end)), ["review", "ImageMissing front"])
      }
    })
  )

  it.effect("that is no image, or no Base64, is reviewed though no image was asked for", () =>
    Effect.gen(function* () {
      for (const image of ["*", btoa("%PDF-1.7"), btoa("<html>")]) {
        assert.deepStrictEqual(yield* decided(Document.GlobalPassport, { image }), ["review", "ImageMissing front"])
      }
    })
  )

  it.effect("that came for both sides is one of the front", () =>
    Effect.gen(function* () {
      const image = "/9j/2Q=="
      const both = { image, backImage: image }
      assert.deepStrictEqual(yield* decided(Document.GlobalPassport, both), ["review", "ImageMissing back"])
    })
  )
})
