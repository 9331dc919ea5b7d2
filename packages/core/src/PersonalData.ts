/**
 * The right to send a person's data somewhere. Encoding a `CheckResult` needs this service, so the compiler keeps names
 * and images out of responses, queues and stores until a program says who reads them and why.
 *
 * @example
 * import { PersonalData } from "@effect-cloudauth/core/PersonalData"
 * import * as Effect from "effect/Effect"
 *
 * const layer = PersonalData.layer({
 *   actor: "case-review",
 *   purpose: "manual review of an inconclusive check",
 *   audit: (event) => Effect.logInfo("personal data read", event)
 * })
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as Options from "./Options.ts"

/**
 * What kind of data of a person is sent.
 *
 * @category models
 * @since 0.1.0
 */
export const Kind = Schema.Literals(["fields", "editedFields", "backFields", "frontImage", "backImage", "answer"])
export type Kind = typeof Kind.Type

/**
 * The record of one use. It holds no value.
 *
 * @category models
 * @since 0.1.0
 */
export const AuditEvent = Schema.Struct({
  transactionId: Schema.optional(Schema.String.annotate({ description: "The transaction, if the result names it." })),
  kinds: Schema.Array(Kind).annotate({ description: "What kinds of data are sent." }),
  /** Who reads the data: a service, or a person's id in your own system. */
  actor: Schema.String.annotate({ description: "Who reads the data: a service, or a person's id in your own system." }),
  purpose: Schema.String.annotate({ description: "Why they are read." }),
  /** Milliseconds since 1970. */
  at: Schema.Finite.annotate({ description: "Milliseconds since 1970." })
})
export interface AuditEvent extends Schema.Schema.Type<typeof AuditEvent> {}

/**
 * How personal data may be used.
 *
 * @category models
 * @since 0.1.0
 */
export interface Use {
  readonly actor: string
  readonly purpose: string
  /** Stores the event. If it throws or dies, the encoding fails with a `SchemaError`. */
  readonly audit: (event: AuditEvent) => Effect.Effect<void>
}

const keys: Options.Keys<Use> = { actor: true, purpose: true, audit: true }

/**
 * The right to send a person's data.
 *
 * @category services
 * @since 0.1.0
 */
export class PersonalData extends Context.Service<
  PersonalData,
  {
    /** Notes a use before the data is encoded. */
    readonly disclose: (transactionId: string | undefined, kinds: ReadonlyArray<Kind>) => Effect.Effect<void>
  }
>()("@effect-cloudauth/core/PersonalData") {
  /** Grants the right, with an audit event for each use. */
  static readonly layer = (use: Use): Layer.Layer<PersonalData> => {
    const { actor, audit, purpose } = Options.ownOrThrow(keys, use)
    return Layer.succeed(PersonalData, {
      disclose: (transactionId, kinds) =>
        Effect.flatMap(Clock.currentTimeMillis, (at) => audit({ transactionId, kinds, actor, purpose, at }))
    })
  }
}
