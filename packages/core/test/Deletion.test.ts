import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as TestClock from "effect/testing/TestClock"
import * as Canned from "../src/Canned.ts"
import { Cloudauth } from "../src/Cloudauth.ts"
import * as Deletion from "../src/Deletion.ts"
import { Tombstone, Tombstones } from "../src/Tombstones.ts"
import { failure, requestId, successWith } from "./fixtures/answers.ts"
import { breaks, failureOf, reply, run, serve } from "./fixtures/server.ts"

const request: Deletion.Request = { transactionId: "hksb0000", deleteType: "All" }
const confirmed = successWith({ DeleteResult: "Y", TransactionId: "hksb0000" })

describe("deleteResult", () => {
  it.effect("asks signed, and by default only for what was fetched", () =>
    Effect.gen(function* () {
      const server = serve(reply(200, confirmed))
      const deleted = yield* yield* run(server, Deletion.deleteResult(request))
      assert.deepStrictEqual(deleted, { _tag: "Deleted", requestId, deleteType: "All" })
      const [sent] = server.sent
      assert.deepInclude(sent?.headers, { "x-acs-action": "DeleteVerifyResult", "x-acs-version": "2022-08-09" })
      assert.deepStrictEqual(Object.fromEntries(sent?.url.searchParams ?? []), {
        TransactionId: "hksb0000",
        DeleteType: "All",
        DeleteAfterQuery: "Y"
      })
    })
  )

  it.effect("reads the code 200 as success, as the vendor's model has it", () =>
    Effect.gen(function* () {
      const server = serve(reply(200, successWith({ DeleteResult: "Y" }, { Code: "200" })))
      const deleted = yield* yield* run(server, Deletion.deleteResult({ ...request, deleteAfterQuery: false }))
      assert.strictEqual(deleted._tag, "Deleted")
      assert.strictEqual(server.sent[0]?.url.searchParams.get("DeleteAfterQuery"), "N")
    })
  )

  it.effect.each<[unknown, Deletion.Reason]>([
    [{ DeleteResult: "N" }, "Refused"],
    [{ DeleteResult: "N", FailReason: "NOT_DELETE_REPEATEDLY" }, "AlreadyDeleted"],
    [{ DeleteResult: "N", FailReason: "NEED_QUERY_VERIFY_RESULT" }, "NotQueried"],
    [{ DeleteResult: "N", FailReason: "canary" }, "Refused"],
    [{ DeleteResult: "yes" }, "Unreadable"],
    [{ DeleteResult: "Y", FailReason: "NEED_QUERY_VERIFY_RESULT" }, "Unreadable"],
    [{ DeleteResult: "N", deleteResult: "Y" }, "Unreadable"],
    [{}, "Unreadable"],
    [{ DeleteResult: "Y", TransactionId: "canary" }, "OtherTransaction"]
  ])("counts nothing as deleted by %j", ([result, reason]) =>
    Effect.gen(function* () {
      const server = serve(reply(200, successWith(result)))
      const error = yield* Effect.flip(yield* run(server, Deletion.deleteResult(request)))
      assert.deepInclude(error, { _tag: "NotDeleted", reason, requestId })
      assert.notInclude(`${error.message} ${JSON.stringify(error)}`, "canary")
      assert.lengthOf(server.sent, 1)
    })
  )

  it.effect("counts nothing as deleted by an answer of which a part stands twice", () =>
    Effect.gen(function* () {
      const inside = confirmed.replace('"DeleteResult"', '"DeleteResult":"N","DeleteResult"')
      const outside = confirmed.replace('"Code"', '"code":"InternalError","Code"')
      const unreadable = yield* Effect.flip(yield* run(serve(reply(200, inside)), Deletion.deleteResult(request)))
      assert.deepInclude(unreadable, { _tag: "NotDeleted", reason: "Unreadable" })
      const refused = failureOf(yield* run(serve(reply(200, outside)), Deletion.deleteResult(request)))
      assert.deepInclude(refused, { _tag: "DecodeError", path: "Code", expected: "one value" })
    })
  )

  it.effect.each([
    ["a lost answer", breaks("ECONNRESET"), "TransportError"],
    ["a failed service", reply(500, failure("InternalError")), "ServiceFailed"]
  ] as const)("is not repeated after %s", ([, lost, tag]) =>
    Effect.gen(function* () {
      const server = serve(lost, reply(200, confirmed))
      assert.strictEqual(failureOf(yield* run(server, Deletion.deleteResult(request)))._tag, tag)
      assert.lengthOf(server.sent, 1)
    })
  )

  it.effect("is repeated if the service has not acted", () =>
    Effect.gen(function* () {
      const server = serve(reply(403, failure("Throttling.Api")), reply(200, confirmed))
      assert.isTrue(Exit.isSuccess(yield* run(server, Deletion.deleteResult(request))))
      assert.lengthOf(server.sent, 2)
    })
  )

  it.effect.each<[unknown, string, string]>([
    [{ ...request, deleteType: "Everything" }, "deleteType", "Img, Text or All"],
    [{ transactionId: "hksb0000" }, "deleteType", "Img, Text or All"],
    [{ ...request, transactionId: "" }, "transactionId", "a non-empty string"],
    [undefined, "request", "as the operation's request schema says"]
  ])("refuses %j unsent", ([wrong, path, rule]) =>
    Effect.gen(function* () {
      const server = serve(reply(200, confirmed))
      // As callers without types can ask.
      const error = failureOf(yield* run(server, Deletion.deleteResult(wrong as Deletion.Request)))
      assert.deepInclude(error, { _tag: "InvalidRequest", path })
      assert.include(error.message, rule)
      assert.lengthOf(server.sent, 0)
    })
  )
})

/** A client whose deletions are answered by these, and the actions that it was asked for. */
const answering = (...answers: ReadonlyArray<Canned.Canned>) => {
  const asked: Array<string> = []
  const client = Cloudauth.layerTest(
    () => Canned.passed(),
    undefined,
    (action) => answers[Math.min(asked.push(action), answers.length) - 1] ?? Canned.error("InternalError")
  )
  return { asked, layer: Layer.merge(client, Tombstones.layerMemory) }
}

const stored = Effect.void

describe("storeThenDelete", () => {
  it.effect("deletes what is stored, with a tombstone, and never twice", () => {
    const { asked, layer } = answering(Canned.deleted())
    return Effect.gen(function* () {
      yield* TestClock.setTime(1_000)
      const outcome = yield* Deletion.storeThenDelete(stored, request)
      const tombstone: Tombstone = {
        transactionId: "hksb0000",
        deleteType: "All",
        askedAt: 1_000,
        deletedAt: 1_000,
        requestId: "00000000-0000-4000-8000-000000000000"
      }
      assert.deepStrictEqual(outcome, { _tag: "Deleted", tombstone })
      const again = yield* Deletion.storeThenDelete(stored, { ...request, deleteType: "Img" })
      assert.deepStrictEqual(again, { _tag: "DeletedBefore", tombstone })
      assert.deepStrictEqual(asked, ["DeleteVerifyResult"])
    }).pipe(Effect.provide(layer))
  })

  it.effect("deletes nothing that is not stored", () => {
    const { asked, layer } = answering(Canned.deleted())
    return Effect.gen(function* () {
      const error = yield* Effect.flip(Deletion.storeThenDelete(Effect.fail("disk full"), request))
      assert.strictEqual(error, "disk full")
      assert.deepStrictEqual(asked, [])
      assert.deepStrictEqual(yield* (yield* Tombstones).all, [])
    }).pipe(Effect.provide(layer))
  })

  it.effect("stores and only tells, in a dry run", () => {
    const { asked, layer } = answering(Canned.deleted())
    return Effect.gen(function* () {
      let saved = 0
      const store = Effect.sync(() => saved++)
      const outcome = yield* Deletion.storeThenDelete(store, request, { dryRun: true })
      assert.deepStrictEqual(outcome, { _tag: "WouldDelete", deleteType: "All" })
      assert.deepStrictEqual([saved, asked, yield* (yield* Tombstones).all], [1, [], []])
    }).pipe(Effect.provide(layer))
  })

  it.effect(
    "tells by a tombstone without time that an answer was lost, and takes the refusal of a second as proof",
    () => {
      const { layer } = answering(
        Canned.connectionFailed(),
        Canned.deleted({ deleteResult: "N", failReason: "NOT_DELETE_REPEATEDLY" })
      )
      return Effect.gen(function* () {
        const lost = yield* Effect.flip(Deletion.storeThenDelete(stored, request))
        assert.strictEqual(lost._tag, "TransportError")
        const [open] = yield* (yield* Tombstones).get("hksb0000")
        assert.deepInclude(open, { deletedAt: undefined, requestId: undefined })
        yield* TestClock.setTime(5_000)
        const outcome = yield* Deletion.deleteStored(request)
        assert.deepInclude(outcome, { _tag: "DeletedBefore" })
        assert.deepInclude((yield* (yield* Tombstones).get("hksb0000"))[0], { deletedAt: 5_000 })
      }).pipe(Effect.provide(layer))
    }
  )

  it.effect("does not count as deleted what the service says it will not repeat, if it was never asked before", () => {
    const { layer } = answering(Canned.deleted({ deleteResult: "N", failReason: "NOT_DELETE_REPEATEDLY" }))
    return Effect.gen(function* () {
      const error = yield* Effect.flip(Deletion.deleteStored(request))
      assert.deepInclude(error, { _tag: "NotDeleted", reason: "AlreadyDeleted" })
      assert.deepInclude((yield* (yield* Tombstones).get("hksb0000"))[0], { deletedAt: undefined })
    }).pipe(Effect.provide(layer))
  })
})

it("a tombstone, a confirmation and a refusal are encoded without a person, by what their schemas name alone", () => {
  assert.deepStrictEqual(Object.keys(Tombstone.fields), [
    "transactionId",
    "deleteType",
    "askedAt",
    "deletedAt",
    "requestId"
  ])
  assert.deepStrictEqual(Object.keys(Deletion.Deleted.fields), ["_tag", "requestId", "deleteType"])
  const refused = new Deletion.NotDeleted({ reason: "Refused", requestId, advice: "advice" })
  assert.deepStrictEqual(Schema.encodeSync(Deletion.NotDeleted)(refused), {
    _tag: "NotDeleted",
    reason: "Refused",
    requestId,
    advice: "advice"
  })
})
