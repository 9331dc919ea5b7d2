/** What the backend offers to your front end: the server, its OpenAPI document and typed clients all come from it. */
import { Advice, DecisionPolicy, MerchantBizId } from "@effect-cloudauth/core"
import * as CloudauthApi from "@effect-cloudauth/core/CloudauthApi"
import { Schema } from "effect"
import { HttpApi, HttpApiEndpoint, HttpApiGroup, OpenApi } from "effect/http-api"

/** What was decided, and a text that the user may read; never the findings, which are for your reviewer. */
export const Decided = Schema.Struct({ outcome: DecisionPolicy.Outcome, text: Advice.Texts }).annotate({
  identifier: "Decided"
})

/** Nothing is decided yet, or the verification is another user's: both answer alike. */
export class DecisionNotFound extends Schema.TaggedError<DecisionNotFound>()(
  "DecisionNotFound",
  {},
  { httpApiStatus: 404 }
) {}

export class Api extends HttpApi.make("backend")
  .add(
    CloudauthApi.group,
    HttpApiGroup.make("decisions")
      .add(
        HttpApiEndpoint.get("read", "/verifications/:id/decision", {
          params: { id: MerchantBizId },
          success: Decided,
          error: DecisionNotFound
        })
      )
      .middleware(CloudauthApi.Ownership)
  )
  .annotateMerge(OpenApi.annotations({ title: "Verifications" })) {}
