/** The operation `DeleteVerifyResult`, and what it took away. */
import type * as CheckResult from "./checkResult.ts"
import type { Deleted, Part } from "./deleted.ts"
import * as Parameters from "./parameters.ts"
import type * as Transactions from "./transactions.ts"

export interface Deletions extends Deleted {
  readonly deleteVerifyResult: (parameters: Parameters.Parameters, now: number) => CheckResult.Answer
  readonly reset: () => void
}

// The vendor's page calls all three required.
const rules: ReadonlyArray<Parameters.Rule> = [
  ["TransactionId", true, () => true],
  ["DeleteAfterQuery", true, Parameters.oneOf("Y", "N")],
  ["DeleteType", true, Parameters.oneOf("Img", "Text", "All")]
]

const nothing: ReadonlySet<Part> = new Set()
const both: ReadonlyArray<Part> = ["Img", "Text"]
const partsOf = (deleteType: string): ReadonlyArray<Part> => both.filter((part) => [part, "All"].includes(deleteType))

// Queries are remembered up to here, the oldest are dropped first.
const rememberedQueries = 100_000

/** Y or N. The vendor's model has no reason for N. */
const answer = (transactionId: string, isDeleted: boolean): CheckResult.Answer => ({
  result: Buffer.from(JSON.stringify({ DeleteResult: isDeleted ? "Y" : "N", TransactionId: transactionId }))
})

export const make = (transactions: Transactions.Transactions): Deletions => {
  const deleted = new Map<string, ReadonlySet<Part>>()
  const queried = new Set<string>()
  const of = (transactionId: string) => deleted.get(transactionId) ?? nothing

  return {
    of,
    queried: (transactionId) => {
      queried.add(transactionId)
      const [oldest] = queried.size > rememberedQueries ? queried : []
      if (oldest !== undefined) queried.delete(oldest)
    },
    deleteVerifyResult: (parameters, now) => {
      const refused = Parameters.check(rules, parameters)
      if (refused !== undefined) return refused
      const transactionId = parameters.get("TransactionId") ?? ""
      const found = transactions.last(transactionId, now)
      if (found._tag === "Pending") return { error: { code: "ProcessNotCompleted" } }
      if (found._tag !== "Answer") return { error: { code: "TransactionIdInvalid" } }
      const before = of(transactionId)
      const parts = partsOf(parameters.get("DeleteType") ?? "")
      const isWaiting = parameters.get("DeleteAfterQuery") === "Y" && !queried.has(transactionId)
      // A second deletion is refused, as that of a sibling operation is.
      if (isWaiting || parts.every((part) => before.has(part))) return answer(transactionId, false)
      deleted.set(transactionId, new Set([...before, ...parts]))
      return answer(transactionId, true)
    },
    reset: () => {
      deleted.clear()
      queried.clear()
    }
  }
}
