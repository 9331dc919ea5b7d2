/** What decided. */
import * as Schema from "effect/Schema"
import { Finding } from "../../Assessment.ts"

/**
 * What decided: the verdict, one finding, or that the result was not assessed.
 *
 * @category models
 * @since 0.1.0
 */
export const DecidedBy = Schema.Union([
  Schema.TaggedStruct("Verdict", {
    verdict: Schema.Literals(["Passed", "Rejected", "Inconclusive"]),
    /** The tag of the sub code, or the reason code. */
    code: Schema.String
  }),
  Schema.TaggedStruct("Finding", { finding: Finding }),
  Schema.TaggedStruct("NotAssessed", {})
]).pipe(Schema.toTaggedUnion("_tag"))
export type DecidedBy = typeof DecidedBy.Type
