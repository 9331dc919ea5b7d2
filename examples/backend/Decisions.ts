/** What was decided, by the owner and the id of the verification. */
import { Decision } from "@effect-cloudauth/core/Decision"
import type { StoredTransaction } from "@effect-cloudauth/core/TransactionStore"
import { Context, Effect, Layer, Option, Schema } from "effect"
import { SqlClient } from "effect/sql"
import type { SqlError } from "effect/sql/SqlError"

type Key = Pick<StoredTransaction, "owner" | "merchantBizId">

export class Decisions extends Context.Service<
  Decisions,
  {
    /** Once more with the same decision changes nothing: a result may come again after a crash. */
    readonly put: (key: Key, decision: Decision) => Effect.Effect<void, SqlError>
    readonly get: (key: Key) => Effect.Effect<Option.Option<Decision>, SqlError>
  }
>()("backend/Decisions") {
  static readonly layerMemory = Layer.sync(Decisions, () => {
    const kept = new Map<string, Decision>()
    const text = ({ merchantBizId, owner }: Key) => JSON.stringify([owner, merchantBizId])
    return {
      put: (key, decision) => Effect.sync(() => kept.set(text(key), decision)),
      get: (key) => Effect.sync(() => Option.fromUndefinedOr(kept.get(text(key))))
    }
  })

  /** A table of PostgreSQL. A decision holds no person, so the whole of it is kept for your reviewer. */
  static readonly layerSql = Layer.effect(
    Decisions,
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      yield* sql`CREATE TABLE IF NOT EXISTS decisions (
        owner text, merchant_biz_id text, decision text NOT NULL, PRIMARY KEY (owner, merchant_biz_id))`
      return {
        put: ({ merchantBizId, owner = "" }, decision) =>
          sql`INSERT INTO decisions VALUES (${owner}, ${merchantBizId}, ${encode(decision)})
            ON CONFLICT (owner, merchant_biz_id) DO UPDATE SET decision = excluded.decision`,
        get: ({ merchantBizId, owner = "" }) =>
          sql`SELECT decision FROM decisions WHERE owner = ${owner} AND merchant_biz_id = ${merchantBizId}`.pipe(
            Effect.map(([row]) => Option.map(Option.fromUndefinedOr(row), ({ decision }) => decode(decision)))
          )
      }
    })
  )
}

const Text = Schema.fromJsonString(Decision)
const encode = Schema.encodeSync(Text)
const decode = Schema.decodeUnknownSync(Text)
