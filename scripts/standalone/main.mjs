// ECMAScript modules: the whole client beside whatever else is installed.
import * as Advice from "@effect-cloudauth/client/Advice"
import { createClient, Decision, DecisionPolicy, reveal, TransactionNotStored, Verdict } from "@effect-cloudauth/client"

await using client = createClient({ url: process.env.CLOUDAUTH_ENDPOINT, store: "memory" })
const result = await client.checkResult({
  merchantBizId: "order1",
  transactionId: "hksb-passed-global-passport",
  document: "GlobalPassport"
})
const line = Verdict.match(result.verdict, {
  Passed: () => `Passed ${reveal(result.ocr)?.nationality}`,
  Rejected: ({ subCode }) => subCode.meaning,
  Inconclusive: (verdict) => Verdict.explain(verdict)
})
const error = await client.checkStored({ merchantBizId: "order1" }).catch((error) => error)
if (!(error instanceof TransactionNotStored)) throw error
const refused = await client.checkStored({ merchantBizid: "order1" }).catch((error) => error)
if (!Advice.ofError(refused).zhHans || !Advice.ofFinding("Expired").user.en) throw new Error("no advice")
if (Decision.of(DecisionPolicy.standard, { ...result, findings: [] })._tag !== "accept") throw new Error("not accepted")
console.log(line)
