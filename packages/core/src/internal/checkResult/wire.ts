/** The vendor's answer as a codec of results. */
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as SchemaGetter from "effect/SchemaGetter"
import * as SchemaIssue from "effect/SchemaIssue"
import type * as Document from "../../Document.ts"
import * as Expectation from "../../Expectation.ts"
import type { IdImage } from "../../IdImage.ts"
import * as ResponseCode from "../../ResponseCode.ts"
import * as Wire from "../../Wire.ts"
import { resultOf } from "../decode/answered.ts"
import * as base64 from "../decode/base64.ts"
import { isJson, type Json, parse } from "../decode/json.ts"
import { answerOf } from "../decode/raw.ts"
import { toResult } from "./readResult.ts"
import { type CheckResult, inferred } from "./model.ts"

const nothingAsked = { transactionId: undefined, merchantBizId: undefined, expectation: Expectation.none }

/** The answer as a JSON object ↔ the result, held against nothing. */
export const Answer = Wire.CheckResultAnswer.pipe(
  Schema.decodeTo(Schema.toType(inferred), {
    decode: SchemaGetter.transformEffect((answer: Wire.CheckResultAnswer) => {
      const result = resultOf(answer)
      const code = Wire.readable(answer.fields.Code)
      if (code === undefined || !ResponseCode.isSuccess(code))
        return refused("Expected an answer with the code Success")
      return result === undefined
        ? refused("Expected an answer with a Result")
        : Effect.succeed(
            toResult({ answer, result, isUtf8: true, hasOtherId: false, receivedAt: undefined }, nothingAsked)
          )
    }),
    encode: SchemaGetter.transform((result): Wire.CheckResultAnswer => ({
      fields: {},
      source: { raw: toAnswer(result), keys: {}, repeated: [], synonyms: [], unknown: [] }
    }))
  })
)

/** The text of an answer ↔ its result. `JSON.parse` would drop all but the last of a key that stands twice. */
export const AnswerText = Schema.String.pipe(
  Schema.decodeTo(Schema.declare(isJson), {
    decode: SchemaGetter.transformEffect((text) => {
      const json = parse(text)
      return isJson(json) ? Effect.succeed(json) : refused("Expected the text of a JSON object")
    }),
    encode: SchemaGetter.transform((json) => JSON.stringify(json))
  }),
  Schema.decodeTo(Answer)
)

const refused = (message: string) => Effect.fail(new SchemaIssue.InvalidValue({ message }))

/** Everything that came, unknown keys included, nested documents as JSON strings. It holds a person's data. */
const toAnswer = ({ images, raw }: CheckResult<Document.Reading>): Json =>
  answerOf(Redacted.value(raw), { idImage: base64Of(images.front), idBackImage: base64Of(images.back) })

const base64Of = (image: IdImage | undefined): string | undefined =>
  image === undefined ? undefined : base64.encode(Redacted.value(image.bytes))
