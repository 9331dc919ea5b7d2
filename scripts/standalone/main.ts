// TypeScript, the declarations checked with it: they name nothing that is not installed.
import * as Advice from "@effect-cloudauth/client/Advice"
import {
  Assessment,
  createClient,
  Decision,
  DecisionPolicy,
  DocType,
  nodeHandler,
  reveal,
  Throttled,
  Verdict,
  WaitTimedOut
} from "@effect-cloudauth/client"

const client = createClient({
  url: process.env.CLOUDAUTH_ENDPOINT,
  store: { dialect: "pg", query: async (sql, parameters) => ({ rows: [sql, ...parameters].slice(0, 0) }) },
  transport: { keepAlive: "5 seconds" }
})

export const begin = async (): Promise<string | undefined> => {
  const { transactionUrl } = await client.initialize({
    merchantBizId: "order1",
    merchantUserId: "hash",
    docType: DocType.GlobalPassport
  })
  return reveal(transactionUrl)
}

export const callback = nodeHandler(
  client.callbackHandler({
    callbackToken: "b7e23ec29af22b0b4e41da31e868d572",
    onResult: ({ result, transaction }) => [
      transaction.merchantBizId,
      Decision.match(Decision.of(DecisionPolicy.standard, result), {
        accept: () => "",
        retake: ({ userText }) => userText.en,
        review: ({ findings }) => findings.map(({ code }) => code).join(),
        decline: ({ userText }) => userText.zhHant
      })
    ]
  })
)

export const explain = async (error: unknown): Promise<unknown> => {
  if (error instanceof Throttled) return [error.retryAfter, reveal(error.serverMessage)?.length]
  if (!(error instanceof WaitTimedOut)) throw error
  const pending = reveal(error.pending)
  return pending && client.resume(pending, { timeout: 1000 })
}

const result = await client.checkResult({
  merchantBizId: "order1",
  transactionId: "hksb-passed-global-passport",
  document: "GlobalPassport"
})
// @ts-expect-error a passport has no nameCode
export const nameCode = reveal(result.ocr)?.nameCode
export const bytes: Uint8Array | undefined = reveal(result.images.front)
export const { findings } = Assessment.assess(result, { now: Date.now(), minimumAge: 18 })
console.log(
  Verdict.match(result.verdict, {
    Passed: () => `Passed ${reveal(result.ocr)?.nationality}`,
    Rejected: ({ subCode }) => Advice.ofSubCode(subCode).user.en,
    Inconclusive: (verdict) => Verdict.explain(verdict)
  })
)
await client.close()
