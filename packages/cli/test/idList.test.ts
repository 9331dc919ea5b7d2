import * as Document from "@effect-cloudauth/core/Document"
import { assert, describe, it } from "@effect/vitest"
import * as fc from "fast-check"
import * as IdList from "../src/IdList.ts"

const readAll = (text: string, options: IdList.Options = {}) => {
  const reader = IdList.reader(options)
  return text.split("\n").flatMap((line) => reader.read(line) ?? [])
}

const ids = (text: string, options: IdList.Options = {}) =>
  readAll(text, options).map((read) => (read._tag === "Entry" ? read.transactionId : `${read._tag} ${read.line}`))

describe("IdList", () => {
  it("reads plain lists: BOM, CRLF, blanks, empty lines, a heading", () => {
    assert.deepStrictEqual(ids("\uFEFFhk1\r\n\r\n  hk2 \nhk3"), ["hk1", "hk2", "hk3"])
    assert.deepStrictEqual(ids("Transaction-ID\nhk1"), ["hk1"])
  })

  it("takes the quotes off a list of one column, as spreadsheets and databases write it", () => {
    assert.deepStrictEqual(ids('"transaction_id"\n"hk1"\n hk2\n"hk3'), ["hk1", "hk2", "BadLine 4"])
    assert.deepStrictEqual(ids('"hk1"\n"hk2"'), ["hk1", "hk2"])
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
        authenticatedAt: Date.UTC(2026, 0, 2, 3, 4, 5)
      }
    ])
    assert.deepStrictEqual(ids("a,b\nx,y", { column: "b" }), ["y"])
    assert.deepStrictEqual(ids("x,y\nz,w", { column: "2" }), ["y", "w"])
    assert.deepStrictEqual(ids("transaction_id\tb\nx\ty"), ["x"])
  })

  it("says with its number what is wrong with a line, and goes on", () => {
    const text = [
      "transaction_id,biz_id,document,time",
      "ok1,b1,,1767323045",
      ",b2,,",
      "with blank in,b3,,",
      'torn"quote,b4,,',
      "ok2,not a biz id,,",
      "ok3,,driving-licence,",
      "ok4,,,yesterday",
      `${"x".repeat(300)},,,`,
      "caf\uFFFD,,,",
      "ok5,,,2026-11-01"
    ].join("\n")
    assert.deepStrictEqual(
      readAll(text).map((read) => [read.line, read._tag]),
      [
        [2, "Entry"],
        [3, "BadLine"],
        [4, "BadLine"],
        [5, "BadLine"],
        [6, "BadLine"],
        [7, "BadLine"],
        [8, "BadLine"],
        [9, "BadLine"],
        [10, "BadLine"],
        [11, "Entry"]
      ]
    )
  })

  it("does not guess where several columns have no heading", () => {
    assert.strictEqual(readAll("a,b\nc,d")[0]?._tag, "Unusable")
    assert.strictEqual(readAll("a,b\nc,d", { column: "z" })[0]?._tag, "Unusable")
  })

  const id = fc.stringMatching(/^[A-Za-z0-9_.,;"-]{1,40}$/)
  const entry = fc.record({
    transactionId: id,
    merchantBizId: fc.option(fc.stringMatching(/^[A-Za-z0-9]{1,32}$/), { nil: undefined }),
    document: fc.option(fc.constantFrom(...Document.names), { nil: undefined }),
    authenticatedAt: fc.option(fc.integer({ min: 1_500_000_000_000, max: 2_000_000_000_000 }), { nil: undefined })
  })

  it("reads back what csvLine writes", () => {
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
          entries.map((entry, index) => ({ _tag: "Entry", line: index + 2, ...entry }))
        )
      })
    )
  })

  it("whatever the lines are, each is an entry, a bad line with its number, or empty: nothing is lost", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "binary", maxLength: 30 }), { maxLength: 20 }), (lines) => {
        const kept = lines.map((line) => line.replaceAll("\n", ""))
        const reader = IdList.reader()
        reader.read("transaction_id,other")
        for (const [index, line] of kept.entries()) {
          const read = reader.read(line)
          if (read === undefined) assert.strictEqual(line.trim(), "")
          else assert.strictEqual(read.line, index + 2)
        }
      })
    )
  })
})
