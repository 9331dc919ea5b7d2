/** A codec of results that audits which personal data it sends. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as SchemaGetter from "effect/SchemaGetter"
import * as SchemaIssue from "effect/SchemaIssue"
import type * as Document from "../../Document.ts"
import { type Kind, PersonalData } from "../../PersonalData.ts"
import { generatedFrom } from "../generated.ts"
import type { CheckResult } from "./model.ts"

/** The same codec, whose encoding needs `PersonalData` and notes an audit event first. Generators draw `samples`. */
export const audited = <R extends Document.Reading, E, S extends Schema.Constraint>(
  plain: Schema.Codec<CheckResult<R>, E>,
  samples: S,
  resultFrom: (sample: S["Type"]) => unknown
): Schema.Codec<CheckResult<R>, E, never, PersonalData> =>
  plain.pipe(
    Schema.decodeTo(generatedFrom(Schema.toType(plain), samples, resultFrom), {
      decode: SchemaGetter.passthrough<CheckResult<R>>(),
      encode: SchemaGetter.transformEffect((result: CheckResult<R>) =>
        PersonalData.use(({ disclose }) => disclose(result.transactionId, kindsIn(result))).pipe(
          // Nothing leaves without its audit event. What failed is this encoding alone: the result can be encoded again.
          Effect.catchDefect(() => Effect.fail(new SchemaIssue.InvalidValue({ message: "Expected a working audit" }))),
          Effect.as(result)
        )
      )
    })
  )

const kindsIn = (result: CheckResult<Document.Reading>): ReadonlyArray<Kind> => {
  const has = (reading: Document.Reading): boolean => reading._tag !== "NotRead"
  const kinds: ReadonlyArray<readonly [Kind, boolean]> = [
    ["fields", has(result.ocr)],
    ["editedFields", has(result.ocrEdited)],
    ["backFields", has(result.ocrBack)],
    ["frontImage", result.images.front !== undefined],
    ["backImage", result.images.back !== undefined],
    ["answer", true]
  ]
  return kinds.filter(([, isThere]) => isThere).map(([kind]) => kind)
}
