/** Temporary access keys from HashiCorp Vault's AliCloud secrets engine. */
import { Credentials } from "@effect-cloudauth/core"
import { Config, Duration, Effect, Layer, Schema } from "effect"
import { FetchHttpClient, HttpClient, HttpClientRequest, HttpClientResponse } from "effect/http"

const secret = Schema.RedactedFromValue(Schema.String)

const Lease = Schema.Struct({
  data: Schema.Struct({
    access_key: secret,
    secret_key: secret,
    security_token: secret,
    expiration: Schema.DateFromString
  })
})

/** `VAULT_ADDR`, `VAULT_TOKEN`, `VAULT_ROLE`; `VAULT_REFRESH_AHEAD` is 5 minutes unless set. */
export const layer = Layer.unwrap(
  Effect.gen(function* () {
    const address = yield* Config.URL("VAULT_ADDR")
    const token = yield* Config.Redacted("VAULT_TOKEN")
    const role = yield* Config.String("VAULT_ROLE")
    const refreshAhead = yield* Config.withDefault(Config.Duration("VAULT_REFRESH_AHEAD"), Duration.minutes(5))

    const vault = HttpClient.filterStatusOk(yield* HttpClient.HttpClient)
    const request = HttpClientRequest.get(new URL(`/v1/alicloud/creds/${encodeURIComponent(role)}`, address)).pipe(
      // As a bearer token it stays out of spans; `X-Vault-Token` would not.
      HttpClientRequest.bearerToken(token)
    )

    return Credentials.layerRefreshing({
      refreshAhead,
      load: vault.execute(request).pipe(
        Effect.flatMap(HttpClientResponse.schemaBodyJson(Lease)),
        Effect.map(({ data }) => ({
          accessKeyId: data.access_key,
          accessKeySecret: data.secret_key,
          securityToken: data.security_token,
          expiresAt: data.expiration.getTime()
        }))
      )
    })
  })
).pipe(Layer.provide(FetchHttpClient.layer))
