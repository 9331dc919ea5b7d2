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
    verdict: Schema.Literals(["Passed", "Rejected", "Inconclusive"]).annotate({
      description: "The verdict that decided."
    }),
    /** The tag of the sub code, or the reason code. */
    code: Schema.String.annotate({ description: "The tag of the sub code, or the reason code." })
  }),
  Schema.TaggedStruct("Finding", { finding: Finding.annotate({ description: "The finding that decided." }) }),
  Schema.TaggedStruct("NotAssessed", {})
]).pipe(Schema.toTaggedUnion("_tag"))
export type DecidedBy = typeof DecidedBy.Type
