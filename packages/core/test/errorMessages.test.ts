import { assert, it } from "@effect/vitest"
import * as Redacted from "effect/Redacted"
import * as CloudauthApi from "../src/CloudauthApi.ts"
import * as CloudauthError from "../src/CloudauthError.ts"
import * as CollectQueue from "../src/CollectQueue.ts"
import * as Deletion from "../src/Deletion.ts"
import * as PendingResult from "../src/PendingResult.ts"
import * as Tombstones from "../src/Tombstones.ts"
import * as StoreError from "../src/TransactionStoreError.ts"
import { everyError } from "./fixtures/errors.ts"

const underlying = Redacted.make("the database is down")
const storeFailed = new StoreError.TransactionStoreError({ operation: "put", underlying })

const errors: ReadonlyArray<Error> = [
  ...everyError("hidden"),
  storeFailed,
  new StoreError.TransactionNotStored({ by: "merchantBizId" }),
  new StoreError.TransactionConflict({}),
  new StoreError.MerchantBizIdTaken({ merchantBizId: "order1" }),
  new StoreError.InitializedNotStored({ merchantBizId: "order1", docType: undefined, reason: storeFailed }),
  new PendingResult.WaitTimedOut({
    code: "WaitTimedOut",
    httpStatus: undefined,
    requestId: undefined,
    polls: 0,
    reason: undefined,
    advice: "Resume it."
  }),
  new CloudauthApi.VerificationNotFound({}),
  new CollectQueue.CollectQueueError({ operation: "lease", isPassing: true, underlying }),
  new CollectQueue.Stopped({ because: CloudauthError.credentialsError("no key") }),
  new Deletion.NotDeleted({ reason: "Refused", requestId: undefined, advice: "Fetch the result first." }),
  new Tombstones.TombstonesError({ operation: "put", underlying })
]

// A logger writes the name before the message.
it.each(errors.map((error) => [error.name, error] as const))(
  "%s does not repeat its name in its message",
  (name, error) => {
    assert.strictEqual(String(error), `${name}: ${error.message}`)
    assert.isFalse(error.message.startsWith(name), error.message)
  }
)
