/** What the backend offers to your front end: the server, its OpenAPI document and typed clients all come from it. */
import { Schema } from "effect"
import { HttpApi, HttpApiEndpoint, HttpApiGroup, OpenApi } from "effect/http-api"

/** Made by this server, and hard to guess; the vendor knows it as `MerchantBizId`. */
const Id = Schema.String.check(Schema.isPattern(/^[0-9a-f]{32}$/))

/** What was decided; never a word of what stands on the document. */
export const Decision = Schema.Literals(["accepted", "retake", "review"])
export type Decision = typeof Decision.Type

export class Verification extends Schema.Class<Verification>("Verification")({
  id: Id,
  status: Schema.Union([Schema.Literal("pending"), Decision])
}) {}

export class Begun extends Schema.Class<Begun>("Begun")({
  id: Id,
  /** Where the user's browser goes to photograph the document. It is this user's alone: don't log it. */
  url: Schema.String
}) {}

export class VerificationNotFound extends Schema.TaggedError<VerificationNotFound>()(
  "VerificationNotFound",
  {},
  { httpApiStatus: 404 }
) {}

export class Unavailable extends Schema.TaggedError<Unavailable>()("Unavailable", {}, { httpApiStatus: 503 }) {}

export class Api extends HttpApi.make("backend")
  .add(
    HttpApiGroup.make("verifications").add(
      HttpApiEndpoint.post("begin", "/verifications", {
        payload: Schema.Struct({
          /** Your id of the user; in your server it comes from the session. */
          userId: Schema.NonEmptyString,
          document: Schema.Literals(["HongKongIdentityCard", "GlobalPassport"])
        }),
        success: Begun,
        error: Unavailable
      }),
      HttpApiEndpoint.get("read", "/verifications/:id", {
        params: { id: Schema.String },
        success: Verification,
        error: [VerificationNotFound, Unavailable]
      })
    )
  )
  .annotateMerge(OpenApi.annotations({ title: "Verifications" })) {}
