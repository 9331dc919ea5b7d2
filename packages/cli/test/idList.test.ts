import { readFileSync } from "node:fs"
import * as DocType from "@effect-cloudauth/core/DocType"
import * as Document from "@effect-cloudauth/core/Document"
import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as fc from "fast-check"
import * as IdList from "../src/IdList.ts"

const readAll = (text: string, options: IdList.Options = {}) => {
  const reader = IdList.reader(options)
  return [...text.split("\n").flatMap((line) => reader.read(line)), ...reader.end()]
}

const shown = (read: IdList.Entry | IdList.BadLine | IdList.Unusable) =>
  read._tag === "Entry" ? read.transactionId : `${read._tag} ${read.line}`

const ids = (text: string, options: IdList.Options = {}) => readAll(text, options).map(shown)

/** What is read from bytes that come in pieces of so many. */
const fromBytes = (bytes: Uint8Array, options: IdList.BytesOptions = {}, piece = 7) => {
  const pieces = Array.from({ length: Math.ceil(bytes.length / piece) }, (_, index) =>
    bytes.subarray(index * piece, (index + 1) * piece)
  )
  return Effect.runSync(Stream.runCollect(IdList.fromBytes(Stream.fromIterable(pieces), options)))
}

const reasonOf = (bytes: Uint8Array) => {
  const [only] = fromBytes(bytes)
  return only?._tag === "Unusable" ? only.reason : shown(only ?? assert.fail())
}

const hongKong = DateTime.zoneMakeNamedUnsafe("Asia/Hong_Kong")

/** The time of one line, and why it was not taken. */
const timeOf = (text: string, timeZone?: DateTime.TimeZone) => {
  const [entry] = readAll(`transaction_id;time\nhk1;${text}`, { timeZone })
  if (entry?._tag !== "Entry") return assert.fail(`${text}: the id is lost`)
  return {
    at: entry.authenticatedAt === undefined ? undefined : new Date(entry.authenticatedAt).toISOString(),
    reason: entry.warnings[0]?.reason
  }
}

const documentOf = (text: string) => {
  const [entry] = readAll(`transaction_id;doc_type\nhk1;${text}`)
  if (entry?._tag !== "Entry") return assert.fail(`${text}: the id is lost`)
  return entry.document ?? entry.warnings[0]?.value ?? entry.warnings.length
}

describe("IdList", () => {
  it("reads plain lists: BOM, CRLF, blanks, empty lines, a heading", () => {
    assert.deepStrictEqual(ids("\uFEFFhk1\r\n\r\n  hk2 \nhk3"), ["hk1", "hk2", "hk3"])
    assert.deepStrictEqual(ids("Transaction-ID\nhk1"), ["hk1"])
    assert.deepStrictEqual(ids("id\nhk1"), ["hk1"])
    assert.deepStrictEqual(ids("\u200Bhk1\u200B\nhk\u200B2"), ["hk1", "BadLine 2"])
  })

  it("takes the quotes off a list of one column, as spreadsheets and databases write it", () => {
    assert.deepStrictEqual(ids('"transaction_id"\n"hk1"\n hk2\n"hk3'), ["hk1", "hk2", "BadLine 4"])
    assert.deepStrictEqual(ids('"hk1"\n"hk2"'), ["hk1", "hk2"])
    assert.deepStrictEqual(ids('transaction_id,b\n="007",x\n"=""008""",y'), ["007", "008"])
    // White space around quotes is no part of a field; text beside them is a bad line, and so are two records in one line.
    assert.deepStrictEqual(ids('transaction_id,b\n "hk1" , x\n"hk2" "y",z\n"hk3"\r"hk4"'), [
      "hk1",
      "BadLine 3",
      "BadLine 4"
    ])
  })

  it("finds the columns by their headings, or takes the one named", () => {
    const text = 'name;TransactionId;Order ID;doc_type;created_at\n"A; B";hk1;o1;global-passport;2026-01-02T03:04:05Z'
    assert.deepStrictEqual(readAll(text), [
      {
        _tag: "Entry",
        line: 2,
        transactionId: "hk1",
        merchantBizId: "o1",
        document: "GlobalPassport",
        authenticatedAt: Date.UTC(2026, 0, 2, 3, 4, 5),
        warnings: []
      }
    ])
    assert.deepStrictEqual(ids("a,b\nx,y", { column: "b" }), ["y"])
    assert.deepStrictEqual(ids("x,y\nz,w", { column: "2" }), ["y", "w"])
    assert.deepStrictEqual(ids("备注,交易号\nx,y", { column: "交易号" }), ["y"])
    // The time of the check goes before that of the row, wherever it stands.
    const [entry] = readAll("created_at,authenticated_at,transaction_id\n2026-01-02T00:00Z,2026-01-01T00:00Z,hk1")
    assert.strictEqual(entry?._tag === "Entry" && entry.authenticatedAt, Date.UTC(2026, 0, 1))
  })

  it.each(["transaction_id\tb\nx\ty", "transaction_id|b\nx|y", "sep=;\ntransaction_id;a, b\nx;y", "sep=|\nx|y\n"])(
    "finds the separator: %j",
    (text) => {
      assert.deepStrictEqual(ids(text, text.includes("id") ? {} : { column: "1" }), ["x"])
    }
  )

  it("says with its number what is wrong with a line, and goes on", () => {
    const text = [
      "transaction_id,biz_id,document,time",
      "ok1,b1,,1767323045",
      ",b2,,",
      "with blank in,b3,,",
      'torn"quote,b4,,',
      `${"x".repeat(300)},,,`,
      "caf\uFFFD,,,",
      "1.23457E+15,,,",
      "NULL,,,",
      "ok5,,,2026-11-01"
    ].join("\n")
    assert.deepStrictEqual(ids(text), ["ok1", ...[3, 4, 5, 6, 7, 8, 9].map((line) => `BadLine ${line}`), "ok5"])
  })

  it("asks for every id whatever else its line says, and warns of what is not used", () => {
    const wild = readFileSync(new URL("lists/optional.csv", import.meta.url), "utf8")
    const read = readAll(wild.trimEnd())
    assert.deepStrictEqual(read.map(shown), ["hksb1", "hksb2", "hksb3", "hksb4", "hksb5"])
    const warned = read.flatMap((one) =>
      one._tag === "Entry" ? one.warnings.map((w) => [one.line, w.field, w.value]) : []
    )
    assert.deepStrictEqual(warned, [
      [3, "authenticatedAt", "2026-11-20 08:00:00"],
      [4, "document", "driving-licence"],
      [5, "merchantBizId", undefined],
      [5, "authenticatedAt", "yesterday"],
      // Letters with digits can be a document's number.
      [6, "document", undefined]
    ])
  })

  it.each(["NULL", "\\N", "null", "None", "N/A", "#N/A", "-", "0000-00-00", "0000-00-00 00:00:00", ""])(
    "takes %j for no value",
    (text) => {
      assert.deepStrictEqual(readAll(`transaction_id;order_id;doc_type;time\nhk1;${text};${text};${text}`), [
        {
          _tag: "Entry",
          line: 2,
          transactionId: "hk1",
          merchantBizId: undefined,
          document: undefined,
          authenticatedAt: undefined,
          warnings: []
        }
      ])
    }
  )

  it.each([
    "2026-11-20T00:00:00Z",
    "2026-11-20 08:00:00 +0800 CST",
    "2026-11-20 08:00:00.000000001 +0800 CST m=+0.000000001",
    "2026-11-20T08:00:00+08:00[Asia/Shanghai]",
    "2026-11-20T08:00[Asia/Hong_Kong]",
    "2026-11-20 00:00:00 UTC",
    "2026-11-20 08:00:00 GMT+08:00",
    "2026-11-20 08:00+08",
    "2026/11/20 08:00:00 +08:00",
    "20261120T000000Z",
    "1795132800",
    "1795132800000",
    "1795132800.000"
  ])("reads the time %s", (text) => {
    assert.deepStrictEqual(timeOf(text), { at: "2026-11-20T00:00:00.000Z", reason: undefined })
  })

  it.each([
    "2026-11-20 08:00:00",
    "2026-11-20T08:00",
    "2026/11/20 8:00",
    "2026.11.20 08:00:00",
    "2026年11月20日 08:00",
    "20261120080000"
  ])("reads the time %s in the zone given, and not without one", (text) => {
    assert.deepStrictEqual(timeOf(text, hongKong), { at: "2026-11-20T00:00:00.000Z", reason: undefined })
    assert.strictEqual(timeOf(text).at, undefined)
    assert.match(timeOf(text).reason ?? "", /--time-zone/)
  })

  it("takes a day to begin in the zone given; without one in UTC, and says so", () => {
    assert.deepStrictEqual(timeOf("2026-11-20", hongKong), { at: "2026-11-19T16:00:00.000Z", reason: undefined })
    assert.strictEqual(timeOf("2026-11-20").at, "2026-11-20T00:00:00.000Z")
    assert.match(timeOf("2026-11-20").reason ?? "", /00:00 UTC/)
    assert.strictEqual(timeOf("20261120", hongKong).at, "2026-11-19T16:00:00.000Z")
  })

  it.each([
    "2026-11-31",
    "2026-02-29T00:00:00Z",
    "2026-13-01",
    "2026-11-20T24:01:00Z",
    "2026-11-20T08:61:00Z",
    "2026-11-20T08:00:00+25:00",
    "2026-11-20 08:00:00 CST",
    "2026-11-20 08:00:00 PM",
    "20/11/2026",
    "11/12/2026 08:00",
    "46345.5",
    "46345",
    "1.79513E+12",
    "0001-01-01T00:00:00Z",
    "yesterday",
    "Fri Nov 20 2026"
  ])("does not guess at the time %s", (text) => {
    assert.strictEqual(timeOf(text, hongKong).at, undefined)
    assert.isDefined(timeOf(text, hongKong).reason)
  })

  it("refuses a time that the change of the clocks made twice, or left out", () => {
    const berlin = DateTime.zoneMakeNamedUnsafe("Europe/Berlin")
    assert.strictEqual(timeOf("2026-10-25 02:30:00", berlin).at, undefined)
    assert.strictEqual(timeOf("2026-03-29 02:30:00", berlin).at, undefined)
    assert.strictEqual(timeOf("2026-10-25 03:30:00", berlin).at, "2026-10-25T02:30:00.000Z")
  })

  it("reads documents by name, by the vendor's title in any edition, and by DocType code", () => {
    for (const name of Document.names) {
      assert.strictEqual(documentOf(name), name)
      assert.strictEqual(documentOf(name.replace(/[a-z](?=[A-Z])/g, "$&_").toUpperCase()), name)
      assert.strictEqual(documentOf(Document.titles[name]), name)
      for (const code of DocType.codesOf(Document.kinds[name])) {
        assert.strictEqual(documentOf(code), name)
        // As a spreadsheet leaves it.
        assert.strictEqual(documentOf(String(Number(code))), name)
      }
    }
    assert.strictEqual(
      documentOf("Mainland Travel Permit for Hong Kong and Macau residents"),
      "MainlandTravelPermitHongKongMacao"
    )
    assert.strictEqual(documentOf("Hong Kong ID card"), "HongKongIdentityCard")
    assert.strictEqual(documentOf("000000012"), "MainlandTravelPermitTaiwan")
    assert.strictEqual(documentOf("passport"), "passport")
    assert.strictEqual(documentOf("GLB03002"), 1)
  })

  it("does not guess where several columns have no heading", () => {
    assert.strictEqual(readAll("a,b\nc,d")[0]?._tag, "Unusable")
    assert.strictEqual(readAll("a,b\nc,d", { column: "z" })[0]?._tag, "Unusable")
    assert.strictEqual(readAll("a,b\nc,d", { column: "3" })[0]?._tag, "Unusable")
    assert.strictEqual(readAll("a,b\nc,d", { column: "0" })[0]?._tag, "Unusable")
  })

  it("reads a cell that has line breaks; a quote that never ends costs its line alone", () => {
    assert.deepStrictEqual(ids('note,transaction_id\n"one\ntwo and\n\nthree",hk1\nx,hk2'), ["hk1", "hk2"])
    assert.deepStrictEqual(ids('transaction_id,b\nhk1,"torn\nhk2,x\nhk3,y"\nhk4,z'), [
      "BadLine 2",
      "hk2",
      "BadLine 4",
      "hk4"
    ])
    assert.deepStrictEqual(ids('transaction_id,b\nhk1,"torn\n'), ["BadLine 2"])
  })
})

describe("fromBytes", () => {
  const text = "transaction_id,备注\r\nhk1,一\r\nhk2,二\r\n"

  const utf16 = (big: boolean, mark: boolean) => {
    const bytes = Buffer.from(`${mark ? "\uFEFF" : ""}${text}`, "utf16le")
    return big ? bytes.swap16() : bytes
  }

  it.each([
    ["UTF-8", Buffer.from(text)],
    ["UTF-8 with a mark", Buffer.from(`\uFEFF${text}`)],
    ["UTF-16LE", utf16(false, false)],
    ["UTF-16LE with a mark", utf16(false, true)],
    ["UTF-16BE", utf16(true, false)],
    ["UTF-16BE with a mark", utf16(true, true)],
    ["GB18030", Buffer.from("7472616e73616374696f6e5f69642cb1b8d7a20d0a686b312cd2bb0d0a686b322cb6fe0d0a", "hex")],
    ["Big5", Buffer.from("7472616e73616374696f6e5f69642cb3c6b5f90d0a686b312ca4400d0a686b322ca4470d0a", "hex")],
    ["Windows-1252", Buffer.from("transaction_id,r\xE9f\nhk1,\xE9\nhk2,\xFC\n", "latin1")],
    ["old Macintosh lines", Buffer.from("transaction_id\rhk1\rhk2")]
  ])("reads %s, in pieces of any length", (_, bytes) => {
    for (const piece of [1, 2, 7, 5000]) {
      const read = fromBytes(bytes, {}, piece)
      assert.deepStrictEqual(
        read.map((one) => [one.line, shown(one)]),
        [
          [2, "hk1"],
          [3, "hk2"]
        ]
      )
    }
  })

  it("finds a column by its heading in an older encoding", () => {
    // 备注,交易号
    const gb = Buffer.from("b1b8d7a22cbdbbd2d7bac50a782c686b310a", "hex")
    assert.deepStrictEqual(fromBytes(gb, { column: "交易号" }).map(shown), ["hk1"])
    // 備註,交易號
    const big5 = Buffer.from("b3c6b5f92ca5e6a9f6b8b90a782c686b310a", "hex")
    assert.deepStrictEqual(fromBytes(big5, { column: "交易號" }).map(shown), ["hk1"])
    assert.deepStrictEqual(fromBytes(big5, { column: "交易號", encoding: "big5" }).map(shown), ["hk1"])
  })

  it("says what a file is that is no list", () => {
    assert.match(reasonOf(Buffer.from("504b030414000600", "hex")), /xlsx.*CSV/)
    assert.match(reasonOf(Buffer.from("d0cf11e0a1b11ae1", "hex")), /xls.*CSV/)
    assert.match(reasonOf(Buffer.from("1f8b0800", "hex")), /gzip/)
    assert.match(reasonOf(Buffer.from("SQLite format 3\0\x10\0\0\0\x01")), /no text/)
    assert.match(reasonOf(Buffer.from("fffe000068000000", "hex")), /UTF-32/)
    const [unknown] = fromBytes(Buffer.from("hk1"), { encoding: "klingon" })
    assert.match(unknown?._tag === "Unusable" ? unknown.reason : "", /the encoding of --encoding is not known/)
  })

  it("does not ask for an id in a guessed encoding", () => {
    assert.deepStrictEqual(fromBytes(Buffer.from("hk1\nh\xE9\n", "latin1")).map(shown), ["hk1", "BadLine 2"])
  })
})

describe("csvLine", () => {
  it.each(["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", "=cmd|' /C calc'!A0", "x;=1", "'=1", "x,+1"])(
    "writes %j so that no cell of it is a formula",
    (text) => {
      const line = IdList.csvLine([text, "x"])
      // Whatever separator a spreadsheet splits at, and whether it heeds quotes.
      for (const cell of line.trimEnd().split(/[,;\t|]/)) assert.notMatch(cell, /^"?[=+\-@\t\r＝]/)
    }
  )

  const id = fc
    .stringMatching(/^[A-Za-z0-9_.,;"'=+@|-]{1,40}$/)
    .filter((id) => !/^(?:--?|null|none|nil|nan|\d[.,]?\d*E\+\d+|="[^"]*")$/i.test(id))
  const entry = fc.record({
    transactionId: id,
    merchantBizId: fc.option(
      fc.stringMatching(/^[A-Za-z0-9]{1,32}$/).filter((id) => !/^(?:null|none|nil|nan|undefined)$/i.test(id)),
      { nil: undefined }
    ),
    document: fc.option(fc.constantFrom(...Document.names), { nil: undefined }),
    authenticatedAt: fc.option(fc.integer({ min: 1_500_000_000_000, max: 2_000_000_000_000 }), { nil: undefined })
  })

  it("writes what the reader reads back", () => {
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 30 }), (entries) => {
        const text =
          IdList.csvLine(["transaction_id", "merchant_biz_id", "document", "authenticated_at"]) +
          entries
            .map((entry) =>
              IdList.csvLine([
                entry.transactionId,
                entry.merchantBizId,
                entry.document,
                entry.authenticatedAt === undefined ? undefined : new Date(entry.authenticatedAt).toISOString()
              ])
            )
            .join("")
        assert.deepStrictEqual(
          readAll(text),
          entries.map((entry, index) => ({ _tag: "Entry", line: index + 2, ...entry, warnings: [] }))
        )
      })
    )
  })

  it("whatever the lines are, each is an entry, a bad line with its number, or empty: nothing is lost", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "binary", maxLength: 30 }), { maxLength: 20 }), (lines) => {
        const kept = lines.map((line) => line.replaceAll(/["\n]/g, ""))
        const reader = IdList.reader()
        reader.read("transaction_id,other")
        for (const [index, line] of kept.entries()) {
          const [read] = reader.read(line)
          if (read === undefined) assert.strictEqual(line.trim(), "")
          else assert.strictEqual(read.line, index + 2)
        }
      })
    )
  })
})
