/**
 * The call as an Effect user would write it without this library: Effect's `HttpClient` over undici, nested
 * `Schema.fromJsonString`, base64 by Schema, a retry by Schedule. The signature is `limit`'s, by hand. It knows one kind
 * of document, has no errors of its own and judges nothing.
 */
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import { checkAnswer, nextCall } from "../workloads.ts"
import type { Answer, CallParameters } from "../workloads.ts"
import { sign } from "./acs3.ts"
import { maxConnections } from "./BenchClient.ts"
import type { CreateClient, Target } from "./BenchClient.ts"

const YesNo = Schema.Literals(["Y", "N"])

const HongKongIdentityCard = Schema.Struct({
  name: Schema.String,
  englishName: Schema.String,
  nameCode: Schema.String,
  sex: Schema.Literals(["M", "F"]),
  birthDate: Schema.String,
  idNumber: Schema.String,
  currentIssueDate: Schema.String,
  firstIssueDate: Schema.String,
  isPermanent: YesNo,
  symbols: Schema.String
})

const Back = Schema.Struct({ address: Schema.String, issuer: Schema.String, remarks: Schema.String })

const Spoof = Schema.Struct({ spoofResult: YesNo, spoofType: Schema.Array(Schema.String) })

const ExtIdInfo = Schema.Struct({
  ocrIdPassed: YesNo,
  idImage: Schema.optionalKey(Schema.Uint8ArrayFromBase64),
  idBackImage: Schema.optionalKey(Schema.Uint8ArrayFromBase64),
  ocrIdInfo: Schema.fromJsonString(HongKongIdentityCard),
  ocrIdEditInfo: Schema.fromJsonString(HongKongIdentityCard),
  ocrIdBackInfo: Schema.fromJsonString(Back),
  spoofInfo: Schema.fromJsonString(Spoof),
  spoofBackInfo: Schema.fromJsonString(Spoof)
})

const CheckResultAnswer = Schema.Struct({
  RequestId: Schema.String,
  Code: Schema.Literal("Success"),
  Message: Schema.String,
  Result: Schema.Struct({
    Passed: YesNo,
    SubCode: Schema.String,
    ExtIdInfo: Schema.fromJsonString(ExtIdInfo)
  })
})

const decode = HttpClientResponse.schemaBodyJson(CheckResultAnswer)

const checkResult = Effect.fn("checkResult")(function* ({ host, protocol }: Target, parameters: CallParameters) {
  const client = HttpClient.filterStatusOk(yield* HttpClient.HttpClient)
  const { headers, path } = sign(host, parameters)
  const request = HttpClientRequest.post(`${protocol}://${host}${path}`, { headers })
  return yield* Effect.flatMap(client.execute(request), decode)
})

/** One nonce for each attempt: so what is retried is the whole call. */
const retried = Effect.retry({ times: 2, schedule: Schedule.spaced("1 millis") })

const answerOf = ({ Result: { ExtIdInfo, Passed, SubCode } }: typeof CheckResultAnswer.Type): Answer => ({
  passed: Passed === "Y",
  subCode: SubCode,
  idNumber: ExtIdInfo.ocrIdInfo.idNumber,
  spoofRisk: ExtIdInfo.spoofInfo.spoofResult === "Y",
  images: [ExtIdInfo.idImage, ExtIdInfo.idBackImage].filter((image) => image !== undefined)
})

export const create: CreateClient = async (target) => {
  const runtime = ManagedRuntime.make(NodeHttpClient.layerUndiciOptions({ connections: maxConnections }))
  const run = Effect.runPromiseWith(await runtime.context())
  return {
    name: "effectPlain",
    call: async (workload) => {
      checkAnswer(workload, answerOf(await run(retried(checkResult(target, nextCall(workload))))))
    },
    close: () => runtime.dispose()
  }
}
