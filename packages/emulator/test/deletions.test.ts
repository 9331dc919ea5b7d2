import { assert, describe, it } from "@effect/vitest"
import * as Gateway from "../src/Gateway.ts"
import * as Scenario from "../src/Scenario.ts"
import { signedRequest } from "./support.ts"

const clock = 1_700_000_000_000

/** A gateway that knows one finished transaction, and what calls it. */
const opened = () => {
  const gateway = Gateway.make({ now: () => clock })
  gateway.register("emulator-1", Scenario.passed())
  const send = (action: string, parameters: Readonly<Record<string, string>>) => {
    const query = new URLSearchParams(Object.entries(parameters).toSorted(([one], [other]) => (one < other ? -1 : 1)))
    const { response } = gateway.handle(
      signedRequest(query.toString(), { now: gateway.now(), headers: { "x-acs-action": action } })
    )
    return JSON.parse(Buffer.from(response.body).toString())
  }
  const checkResult = () =>
    send("CheckResult", { IsReturnImage: "Y", MerchantBizId: "b1", TransactionId: "emulator-1" })
  const remove = (DeleteType: string, more: Readonly<Record<string, string>> = {}) =>
    send("DeleteVerifyResult", { TransactionId: "emulator-1", DeleteAfterQuery: "N", DeleteType, ...more })
  const log = (TransactionId = "emulator-1") => send("CheckVerifyLog", { MerchantBizId: "b1", TransactionId })
  return { gateway, send, checkResult, remove, log }
}

const ext = (answer: { readonly Result: { readonly ExtIdInfo: string } }) => JSON.parse(answer.Result.ExtIdInfo)

describe("DeleteVerifyResult", () => {
  it("takes away the images, then the text, and with them the transaction", () => {
    const { checkResult, remove } = opened()
    assert.hasAnyKeys(ext(checkResult()), ["idImage"])
    assert.deepStrictEqual(remove("Img").Result, { DeleteResult: "Y", TransactionId: "emulator-1" })
    assert.doesNotHaveAnyKeys(ext(checkResult()), ["idImage"])
    assert.hasAnyKeys(ext(checkResult()), ["ocrIdInfo"])
    assert.strictEqual(remove("Text").Result.DeleteResult, "Y")
    assert.strictEqual(checkResult().Code, "TransactionIdInvalid")
  })

  it("leaves the images if only the text is deleted", () => {
    const { checkResult, remove } = opened()
    remove("Text")
    assert.doesNotHaveAnyKeys(ext(checkResult()), ["ocrIdInfo"])
    assert.hasAnyKeys(ext(checkResult()), ["idImage"])
    assert.strictEqual(checkResult().Result.Passed, "Y")
  })

  it("says N to a second deletion, and to one of what was not queried", () => {
    const { checkResult, remove } = opened()
    assert.strictEqual(remove("All", { DeleteAfterQuery: "Y" }).Result.DeleteResult, "N")
    checkResult()
    assert.strictEqual(remove("All", { DeleteAfterQuery: "Y" }).Result.DeleteResult, "Y")
    assert.strictEqual(remove("All").Result.DeleteResult, "N")
  })

  it("refuses wrong parameters, unknown transactions and unfinished journeys", () => {
    const { remove, send } = opened()
    assert.strictEqual(remove("Everything").Code, "InvalidParameter")
    assert.strictEqual(remove("").Code, "MissingParameter")
    assert.strictEqual(remove("All", { TransactionId: "emulator-2" }).Code, "TransactionIdInvalid")
    const { Result } = send("Initialize", {
      DocType: "GLB03002",
      MerchantBizId: "b1",
      MerchantUserId: "u1",
      ProductCode: "ID_OCR"
    })
    assert.strictEqual(remove("All", { TransactionId: Result.TransactionId }).Code, "ProcessNotCompleted")
  })

  it("forgets deletions with everything else", () => {
    const { checkResult, gateway, remove } = opened()
    remove("All")
    gateway.reset()
    gateway.register("emulator-1", Scenario.passed())
    assert.strictEqual(checkResult().Code, "Success")
  })
})

describe("CheckVerifyLog", () => {
  it("tells how far a journey came", () => {
    const { gateway, log, send } = opened()
    const { Result } = send("Initialize", {
      DocType: "GLB03002",
      MerchantBizId: "b1",
      MerchantUserId: "u1",
      ProductCode: "ID_OCR"
    })
    assert.strictEqual(log(Result.TransactionId).Result.VerifyStatus, "2")
    gateway.advance(31 * 60_000)
    assert.deepInclude(log(Result.TransactionId).Result, { VerifyStatus: "1", VerifyErrorCode: "1006" })
    assert.deepInclude(log().Result, { VerifyStatus: "0", VerifyErrorCode: "1000", Passed: "Y", SubCode: "200" })
    assert.strictEqual(log("emulator-2").Code, "TransactionIdInvalid")
  })

  it("counts no answer of a sequence", () => {
    const { checkResult, gateway, log } = opened()
    gateway.register("emulator-1", Scenario.sequence([Scenario.notCompleted, Scenario.rejected("212")]))
    assert.deepInclude(log().Result, { VerifyErrorCode: "1001", SubCode: "212" })
    assert.strictEqual(checkResult().Code, "ProcessNotCompleted")
  })
})
