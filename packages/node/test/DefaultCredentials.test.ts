import type * as http from "node:http"
import * as tls from "node:tls"
import { isCredentialsError } from "@effect-cloudauth/core/CloudauthError"
import { type Credential, Credentials } from "@effect-cloudauth/core/Credentials"
import { afterAll, assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Inspectable from "effect/Inspectable"
import * as Redacted from "effect/Redacted"
import * as Schedule from "effect/Schedule"
import * as DefaultCredentials from "../src/DefaultCredentials.ts"
import { home, isolated, write } from "./support/home.ts"
import { redirecting } from "./support/redirect.ts"
import { authority, type Handler, httpServer, httpsServer, withEnvironment } from "./support/servers.ts"

const trusted = tls.getCACertificates("default")
afterAll(() => tls.setDefaultCACertificates(trusted))

const get = Effect.flatMap(Credentials, (credentials) => credentials.get)

const ask = (options?: DefaultCredentials.Options) => Effect.provide(get, DefaultCredentials.layer(options))

const shown = ({ accessKeyId, accessKeySecret, expiresAt, securityToken }: Credential) => ({
  id: Redacted.value(accessKeyId),
  secret: Redacted.value(accessKeySecret),
  token: securityToken === undefined ? undefined : Redacted.value(securityToken),
  expiresAt
})

const inAnHour = () => new Date(Math.floor(Date.now() / 1000) * 1000 + 3_600_000)
const iso = (date: Date) => date.toISOString().replace(".000Z", "Z")

const session = (name: string, expires: Date) => ({
  AccessKeyId: `STS.${name}`,
  AccessKeySecret: `${name}-secret`,
  SecurityToken: `${name}-token`,
  Expiration: iso(expires)
})

const expected = (name: string, expires: Date) => ({
  id: `STS.${name}`,
  secret: `${name}-secret`,
  token: `${name}-token`,
  expiresAt: expires.getTime()
})

/** The Security Token Service at `sts.aliyuncs.com`, over TLS with a certificate for that name. */
const securityTokenService = Effect.fnUntraced(function* (
  answer: (parameters: URLSearchParams, body: URLSearchParams) => { readonly status: number; readonly body: unknown },
  host = "sts.aliyuncs.com"
) {
  const { cert, issue } = yield* authority
  tls.setDefaultCACertificates([...trusted, cert])
  const server = yield* httpsServer(yield* Effect.promise(() => issue(host, "127.0.0.1")), (request, response) => {
    let body = ""
    request.on("data", (chunk: Buffer) => (body += chunk.toString()))
    request.on("end", () => {
      const url = new URL(request.url ?? "", "https://sts")
      const { body: answered, status } = answer(url.searchParams, new URLSearchParams(body))
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(answered))
    })
  })
  yield* redirecting([{ host, port: 443, to: server.port }])
  return server
})

/** The metadata service at 100.100.100.200. */
const metadataService = Effect.fnUntraced(function* (handler: Handler) {
  const server = yield* httpServer(handler)
  yield* redirecting([{ host: "100.100.100.200", port: 80, to: server.port }])
  return server
})

const imds =
  (expires: () => Date, log: Array<string> = []): Handler =>
  (request, response) => {
    log.push(`${request.method} ${request.url}`)
    if (request.url === "/latest/api/token" && request.method === "PUT") response.end("metadata-token")
    else if (request.headers["x-aliyun-ecs-metadata-token"] !== "metadata-token") response.writeHead(403).end()
    else if (request.url === "/latest/meta-data/ram/security-credentials/") response.end("MachineRole")
    else response.end(JSON.stringify({ ...session("machine", expires()), Code: "Success" }))
  }

describe("each source", () => {
  it.live("environment", () =>
    isolated({
      ALIBABA_CLOUD_ACCESS_KEY_ID: "env-id",
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: "env-secret",
      ALIBABA_CLOUD_SECURITY_TOKEN: "env-token"
    })(() =>
      Effect.map(ask(), (credential) =>
        assert.deepStrictEqual(shown(credential), {
          id: "env-id",
          secret: "env-secret",
          token: "env-token",
          expiresAt: undefined
        })
      )
    )
  )

  it.live("OIDC role", () =>
    Effect.gen(function* () {
      const expires = inAnHour()
      const asked: Array<string> = []
      yield* securityTokenService((parameters, body) => {
        asked.push(`${parameters.get("Action")} ${body.get("RoleArn")} ${body.get("OIDCToken")}`)
        return { status: 200, body: { Credentials: session("oidc", expires) } }
      })
      const directory = yield* home
      const file = yield* write(directory, "token", "the-oidc-token")
      const credential = yield* isolated({
        ALIBABA_CLOUD_ROLE_ARN: "acs:ram::1:role/pod",
        ALIBABA_CLOUD_OIDC_PROVIDER_ARN: "acs:ram::1:oidc-provider/k8s",
        ALIBABA_CLOUD_OIDC_TOKEN_FILE: file
      })(() => ask())
      assert.deepStrictEqual(shown(credential), expected("oidc", expires))
      assert.deepStrictEqual(asked, ["AssumeRoleWithOIDC acs:ram::1:role/pod the-oidc-token"])
    })
  )

  it.live("CLI profile: a key, and the profile that the environment names", () =>
    isolated({ ALIBABA_CLOUD_PROFILE: "second" })((directory) =>
      Effect.gen(function* () {
        yield* write(
          directory,
          ".aliyun/config.json",
          JSON.stringify({
            current: "first",
            profiles: [
              { name: "first", mode: "AK", access_key_id: "cli-1", access_key_secret: "cli-1-secret" },
              {
                name: "second",
                mode: "StsToken",
                access_key_id: "cli-2",
                access_key_secret: "cli-2-secret",
                sts_token: "cli-2-token"
              }
            ]
          })
        )
        const credential = yield* ask()
        assert.deepStrictEqual(shown(credential), {
          id: "cli-2",
          secret: "cli-2-secret",
          token: "cli-2-token",
          expiresAt: undefined
        })
      })
    )
  )

  it.live("CLI profile: a role that it assumes (RamRoleArn)", () =>
    Effect.gen(function* () {
      const expires = inAnHour()
      const asked: Array<string> = []
      yield* securityTokenService((parameters, body) => {
        asked.push(`${parameters.get("Action")} ${parameters.get("AccessKeyId")} ${body.get("RoleArn")}`)
        return { status: 200, body: { Credentials: session("assumed", expires) } }
      })
      const credential = yield* isolated()((directory) =>
        Effect.andThen(
          write(
            directory,
            ".aliyun/config.json",
            JSON.stringify({
              current: "role",
              profiles: [
                {
                  name: "role",
                  mode: "RamRoleArn",
                  access_key_id: "cli-id",
                  access_key_secret: "cli-secret",
                  ram_role_arn: "acs:ram::1:role/auditor"
                }
              ]
            })
          ),
          ask()
        )
      )
      assert.deepStrictEqual(shown(credential), expected("assumed", expires))
      assert.deepStrictEqual(asked, ["AssumeRole cli-id acs:ram::1:role/auditor"])
    })
  )

  it.live("credentials file: in the home, and at the path of the environment", () =>
    isolated()((directory) =>
      Effect.gen(function* () {
        const ini = (name: string) =>
          `[default]\ntype = access_key\naccess_key_id = ${name}-id\naccess_key_secret = ${name}-secret\n`
        yield* write(directory, ".alibabacloud/credentials", ini("home"))
        assert.strictEqual(shown(yield* ask()).id, "home-id")
        const other = yield* write(directory, "elsewhere/credentials", ini("other"))
        const credential = yield* ask().pipe(withEnvironment({ ALIBABA_CLOUD_CREDENTIALS_FILE: other }))
        assert.deepStrictEqual(shown(credential), {
          id: "other-id",
          secret: "other-secret",
          token: undefined,
          expiresAt: undefined
        })
      })
    )
  )

  it.live("instance role: by the metadata service, with its token", () =>
    Effect.gen(function* () {
      const expires = inAnHour()
      const log: Array<string> = []
      yield* metadataService(imds(() => expires, log))
      const credential = yield* isolated({ ALIBABA_CLOUD_ECS_METADATA_DISABLED: "false" })(() => ask())
      assert.deepStrictEqual(shown(credential), expected("machine", expires))
      assert.deepStrictEqual(log, [
        "PUT /latest/api/token",
        "GET /latest/meta-data/ram/security-credentials/",
        "PUT /latest/api/token",
        "GET /latest/meta-data/ram/security-credentials/MachineRole"
      ])
    })
  )

  it.live("instance role: the role that the environment names", () =>
    Effect.gen(function* () {
      const log: Array<string> = []
      yield* metadataService(imds(inAnHour, log))
      yield* isolated({
        ALIBABA_CLOUD_ECS_METADATA_DISABLED: "false",
        ALIBABA_CLOUD_ECS_METADATA: "NamedRole"
      })(() => ask())
      assert.strictEqual(log.at(-1), "GET /latest/meta-data/ram/security-credentials/NamedRole")
    })
  )

  it.live("credentials URI", () =>
    Effect.gen(function* () {
      const expires = inAnHour()
      const server = yield* httpServer((_, response) => response.end(JSON.stringify(session("uri", expires))))
      const credential = yield* isolated({ ALIBABA_CLOUD_CREDENTIALS_URI: `${server.origin}/credential` })(() => ask())
      assert.deepStrictEqual(shown(credential), expected("uri", expires))
    })
  )

  it.live("RAM role assumption with the key that the chain finds", () =>
    Effect.gen(function* () {
      const expires = inAnHour()
      const asked: Array<Record<string, string | null>> = []
      yield* securityTokenService((parameters, body) => {
        asked.push({
          key: parameters.get("AccessKeyId"),
          role: body.get("RoleArn"),
          session: body.get("RoleSessionName"),
          externalId: body.get("ExternalId"),
          seconds: body.get("DurationSeconds")
        })
        return { status: 200, body: { Credentials: session("role", expires) } }
      }, "sts.ap-southeast-1.aliyuncs.com")
      const credential = yield* isolated({
        ALIBABA_CLOUD_ACCESS_KEY_ID: "env-id",
        ALIBABA_CLOUD_ACCESS_KEY_SECRET: "env-secret"
      })(() =>
        ask({
          stsEndpoint: "sts.ap-southeast-1.aliyuncs.com",
          assumeRole: {
            roleArn: "acs:ram::1:role/kyc",
            sessionName: "kyc",
            externalId: "x-1",
            durationSeconds: 900
          }
        })
      )
      assert.deepStrictEqual(shown(credential), expected("role", expires))
      assert.deepStrictEqual(asked, [
        { key: "env-id", role: "acs:ram::1:role/kyc", session: "kyc", externalId: "x-1", seconds: "900" }
      ])
    })
  )
})

describe("the chain", () => {
  it.live("asks in the vendor's order, and the first that serves wins", () =>
    Effect.gen(function* () {
      const server = yield* httpServer((_, response) => response.end(JSON.stringify(session("uri", inAnHour()))))
      yield* isolated({
        ALIBABA_CLOUD_CREDENTIALS_URI: server.origin,
        ALIBABA_CLOUD_ACCESS_KEY_ID: "env-id",
        ALIBABA_CLOUD_ACCESS_KEY_SECRET: "env-secret"
      })((directory) =>
        Effect.gen(function* () {
          const id = (options?: DefaultCredentials.Options) => Effect.map(ask(options), (found) => shown(found).id)
          yield* write(
            directory,
            ".alibabacloud/credentials",
            "[default]\ntype=access_key\naccess_key_id=file-id\naccess_key_secret=file-secret\n"
          )
          assert.strictEqual(yield* id(), "env-id")
          yield* Effect.gen(function* () {
            assert.strictEqual(yield* id(), "file-id")
            assert.strictEqual(yield* id({ sources: ["credentialsUri", "credentialsFile"] }), "STS.uri")
          }).pipe(withEnvironment({ ALIBABA_CLOUD_ACCESS_KEY_ID: undefined }))
        })
      )
    })
  )

  it.live("names every source and why it did not serve, and nothing that it read", () =>
    Effect.gen(function* () {
      const secrets = ["uri-secret", "uri-token", "STS.uri", "cli-secret", "the-oidc-token", "role-leak"]
      yield* securityTokenService(() => ({
        status: 404,
        body: { Code: "EntityNotExist.Role", Message: "role-leak the-oidc-token" }
      }))
      const server = yield* httpServer((_, response) =>
        response.end(JSON.stringify({ AccessKeyId: "STS.uri", AccessKeySecret: "uri-secret", Token: "uri-token" }))
      )
      const directory = yield* home
      const file = yield* write(directory, "token", "the-oidc-token")
      const error = yield* isolated({
        ALIBABA_CLOUD_ROLE_ARN: "acs:ram::1:role/pod",
        ALIBABA_CLOUD_OIDC_PROVIDER_ARN: "acs:ram::1:oidc-provider/k8s",
        ALIBABA_CLOUD_OIDC_TOKEN_FILE: file,
        ALIBABA_CLOUD_CREDENTIALS_URI: server.origin
      })((home) =>
        Effect.andThen(
          write(home, ".aliyun/config.json", `{"profiles": [{"access_key_secret": "cli-secret"`),
          Effect.flip(ask())
        )
      )
      assert.isTrue(isCredentialsError(error))
      assert.isFalse(error.isTransient)
      assert.strictEqual(
        error.reason,
        `no source has an access key
environment: ALIBABA_CLOUD_ACCESS_KEY_ID, ALIBABA_CLOUD_ACCESS_KEY_SECRET not set
oidc: EntityNotExist.Role: check the role's name
cliProfile: ~/.aliyun/config.json is not JSON: correct it, or run aliyun configure
credentialsFile: the file does not exist (ENOENT)
instanceRole: ALIBABA_CLOUD_ECS_METADATA_DISABLED is true
credentialsUri: the answer holds no credential`
      )
      for (const secret of secrets) {
        assert.notInclude(`${error.message} ${Inspectable.toStringUnknown(error)} ${JSON.stringify(error)}`, secret)
      }
    })
  )

  it.live("says so where the metadata service refuses, and where a role may not be assumed", () =>
    Effect.gen(function* () {
      yield* metadataService((_, response) => response.writeHead(404).end())
      const machine = yield* Effect.flip(
        isolated({ ALIBABA_CLOUD_ECS_METADATA_DISABLED: "false" })(() => ask({ sources: ["instanceRole"] }))
      )
      assert.strictEqual(machine.reason, "instanceRole: the machine has no role: attach one, HTTP 404")
      yield* securityTokenService(() => ({ status: 403, body: { Code: "NoPermission", Message: "secret words" } }))
      const role = yield* Effect.flip(
        isolated({ ALIBABA_CLOUD_ACCESS_KEY_ID: "env-id", ALIBABA_CLOUD_ACCESS_KEY_SECRET: "env-secret" })(() =>
          ask({ assumeRole: { roleArn: "acs:ram::1:role/kyc" } })
        )
      )
      assert.strictEqual(
        role.reason,
        "assumeRole, with the key of environment: NoPermission: let the role's trust policy and the key's permissions allow to assume it"
      )
    })
  )

  it.live("refuses a credential that has expired already", () =>
    Effect.gen(function* () {
      const server = yield* httpServer((_, response) => response.end(JSON.stringify(session("old", new Date(0)))))
      const error = yield* Effect.flip(
        isolated({ ALIBABA_CLOUD_CREDENTIALS_URI: server.origin })(() => ask({ sources: ["credentialsUri"] }))
      )
      assert.strictEqual(error.reason, "credentialsUri: its credential has expired: fetch a new one")
    })
  )
})

describe("refreshing", () => {
  const counting = (lifetime: () => number, fails: () => boolean = () => false) => {
    let asked = 0
    return {
      asked: () => asked,
      handler: ((_: http.IncomingMessage, response: http.ServerResponse) => {
        asked++
        const isBroken = fails()
        const expires = new Date(Date.now() + lifetime())
        setTimeout(() => {
          if (isBroken) response.writeHead(500).end("broken")
          else response.end(JSON.stringify({ ...session(`n${asked}`, expires), Expiration: expires.toISOString() }))
        }, 20)
      }) satisfies Handler
    }
  }

  it.live("1,000 callers at once fetch one credential", () =>
    Effect.gen(function* () {
      const { asked, handler } = counting(() => 3_600_000)
      const server = yield* httpServer(handler)
      yield* isolated({ ALIBABA_CLOUD_CREDENTIALS_URI: server.origin })(() =>
        Effect.gen(function* () {
          const credentials = yield* Credentials
          const all = yield* Effect.forEach(Array.from({ length: 1000 }), () => credentials.get, {
            concurrency: "unbounded"
          })
          assert.strictEqual(asked(), 1)
          assert.strictEqual(new Set(all.map((credential) => shown(credential).id)).size, 1)
        }).pipe(Effect.provide(DefaultCredentials.layer()))
      )
    })
  )

  const often = Schedule.spaced("10 millis")

  /** Asks until the source has given another credential than this one. */
  const untilReplaced = (old: string) =>
    Credentials.use(({ get }) => Effect.map(get, (credential) => shown(credential).id)).pipe(
      Effect.repeat({ until: (id) => id !== old, schedule: often }),
      Effect.timeout("1 minute")
    )

  it.live("refreshes ahead of expiry, once for all callers", () =>
    Effect.gen(function* () {
      let lifetime = 60_000
      const { asked, handler } = counting(() => lifetime)
      const server = yield* httpServer(handler)
      yield* isolated({ ALIBABA_CLOUD_CREDENTIALS_URI: server.origin })(() =>
        Effect.gen(function* () {
          const credentials = yield* Credentials
          // A minute is less than the five minutes ahead: the next call fetches again.
          assert.strictEqual(shown(yield* credentials.get).id, "STS.n1")
          lifetime = 3_600_000
          const all = Effect.forEach(Array.from({ length: 1000 }), () => credentials.get, { concurrency: "unbounded" })
          // In the background: no call waits for it.
          assert.isTrue((yield* all).every((credential) => shown(credential).id === "STS.n1"))
          yield* untilReplaced("STS.n1")
          assert.isTrue((yield* all).every((credential) => shown(credential).id === "STS.n2"))
          assert.strictEqual(asked(), 2)
        }).pipe(Effect.provide(DefaultCredentials.layer()))
      )
    })
  )

  it.live("keeps the old credential while it is valid and a refresh fails, then recovers", () =>
    Effect.gen(function* () {
      let broken = false
      const { asked, handler } = counting(
        () => 60_000,
        () => broken
      )
      const server = yield* httpServer(handler)
      yield* isolated({ ALIBABA_CLOUD_CREDENTIALS_URI: server.origin })(() =>
        Effect.gen(function* () {
          const credentials = yield* Credentials
          const id = Effect.map(credentials.get, (credential) => shown(credential).id)
          assert.strictEqual(yield* id, "STS.n1")
          broken = true
          assert.strictEqual(yield* id, "STS.n1")
          yield* Effect.repeat(Effect.sync(asked), { until: (count) => count === 2, schedule: often })
          assert.strictEqual(yield* id, "STS.n1")
          broken = false
          assert.strictEqual(yield* untilReplaced("STS.n1"), "STS.n3")
        }).pipe(Effect.provide(DefaultCredentials.layer({ retryAfterFailure: "50 millis" })))
      )
    })
  )

  it.live("says of a source that has served before, and fails, that it is down for now", () =>
    Effect.gen(function* () {
      let broken = false
      const { handler } = counting(
        () => 3_600_000,
        () => broken
      )
      const server = yield* httpServer(handler)
      yield* isolated({ ALIBABA_CLOUD_CREDENTIALS_URI: server.origin })(() =>
        Effect.gen(function* () {
          const credentials = yield* Credentials
          yield* credentials.invalidate(yield* credentials.get)
          broken = true
          const error = yield* Effect.flip(credentials.get)
          assert.isTrue(error.isTransient)
          assert.match(error.reason, /^credentialsUri: /)
        }).pipe(Effect.provide(DefaultCredentials.layer()))
      )
    })
  )

  it.live("a credential that the server calls expired is fetched again, from the same source", () =>
    Effect.gen(function* () {
      const { asked, handler } = counting(() => 3_600_000)
      const server = yield* httpServer(handler)
      yield* isolated({ ALIBABA_CLOUD_CREDENTIALS_URI: server.origin })((directory) =>
        Effect.gen(function* () {
          const credentials = yield* Credentials
          const first = yield* credentials.get
          // A source that ranks higher appears meanwhile: the identity must not change by itself.
          yield* write(
            directory,
            ".alibabacloud/credentials",
            "[default]\ntype=access_key\naccess_key_id=file-id\naccess_key_secret=file-secret\n"
          )
          yield* credentials.invalidate(first)
          assert.strictEqual(shown(yield* credentials.get).id, "STS.n2")
          assert.strictEqual(asked(), 2)
        }).pipe(Effect.provide(DefaultCredentials.layer()))
      )
    })
  )
})
