/** The answer of an operation that must have a result. */
import * as Schema from "effect/Schema"
import * as Wire from "../../Wire.ts"

/** The whole answer; one whose `Result` is absent or no object does not decode. */
export const answerWith = <S extends Schema.ConstraintCodec<unknown, Wire.Json>>(result: S) =>
  Wire.Answer(result).check(
    Schema.makeFilter(({ fields: { Result } }) =>
      Result === undefined || Wire.isUnreadable(Result) ? { path: ["Result"], issue: "expected an object" } : true
    )
  )
