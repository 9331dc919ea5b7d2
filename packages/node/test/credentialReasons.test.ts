/** Why the vendor's chain found no credential: each source says what is wrong and what to do, and nothing that it read. */
import * as fs from "node:fs/promises"
import { inspect } from "node:util"
import { Credentials } from "@effect-cloudauth/core/Credentials"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as DefaultCredentials from "../src/DefaultCredentials.ts"
import { isolated, write } from "./support/home.ts"
import { httpServer, withEnvironment } from "./support/servers.ts"

const get = Effect.flatMap(Credentials, (credentials) => credentials.get)

const ask = (source: DefaultCredentials.Source) => Effect.provide(get, DefaultCredentials.layer({ sources: [source] }))

/** The reason of the one source, after checking that nothing secret shows. */
const reasonOf = (source: DefaultCredentials.Source) =>
  Effect.map(Effect.flip(ask(source)), (error) => {
    assert.notInclude(`${error.message}${inspect(error, { depth: 10 })}${JSON.stringify(error)}`, "CANARY")
    assert.isTrue(error.reason.startsWith(`${source}: `), error.reason)
    return error.reason.slice(source.length + 2)
  })

const past = 1000
const future = 4_000_000_000

describe("the environment", () => {
  it.live.each([
    ["ALIBABA_CLOUD_ACCESS_KEY_ID", '"CANARY"'],
    ["ALIBABA_CLOUD_ACCESS_KEY_SECRET", "'CANARY'"],
    ["ALIBABA_CLOUD_SECURITY_TOKEN", '"CANARY"\r']
  ])("points out quotes around %s", ([name = "", value = ""]) =>
    isolated({ ALIBABA_CLOUD_ACCESS_KEY_ID: "id", ALIBABA_CLOUD_ACCESS_KEY_SECRET: "secret", [name]: value })(() =>
      Effect.map(reasonOf("environment"), (reason) =>
        assert.strictEqual(reason, `${name} in quotes, which an env file keeps: remove the quotes`)
      )
    )
  )
})

type Profile = Readonly<Record<string, unknown>>

/** `~/.aliyun/config.json` of these profiles, the first being the current one. */
const config = (...profiles: ReadonlyArray<Profile>): string =>
  JSON.stringify({ current: "p0", profiles: profiles.map((profile, index) => ({ name: `p${index}`, ...profile })) })

const key = { access_key_id: "CANARY-id", access_key_secret: "CANARY-secret" }
const sso = {
  mode: "CloudSSO",
  cloud_sso_sign_in_url: "https://CANARY.example/login",
  cloud_sso_access_config: "CANARY",
  cloud_sso_account_id: "CANARY"
}
const node = (script: string): Profile => ({
  mode: "External",
  process_command: `${process.execPath} -e "${script}" CANARY`
})
const prints = (credential: unknown): Profile =>
  node(`console.log('${JSON.stringify(credential).replaceAll('"', '\\"')}')`)

const profiles: ReadonlyArray<readonly [name: string, content: string, reason: RegExp]> = [
  ["no JSON", '{"profiles": [{"access_key_secret": "CANARY"', /is not JSON: correct it, or run aliyun configure$/],
  ["JSON of another kind", '{"profiles": "CANARY"}', /is not as the vendor's CLI writes it: run aliyun configure$/],
  ["null", "null", /is not as the vendor's CLI writes it/],
  ["a field of the wrong type", config({ mode: "AK", source_profile: 7 }), /is not as the vendor's CLI writes it/],
  ["no profiles", '{"current":"CANARY","profiles":[]}', /has no profiles: run aliyun configure$/],
  ["an unknown profile", '{"current":"CANARY","profiles":[{"name":"a"}]}', /does not have the profile: choose/],
  ["an unknown mode", config({ mode: "CANARY" }), /mode is not supported/],
  [
    "a CloudSSO login that has expired",
    config({ ...sso, access_token: "CANARY", cloud_sso_access_token_expire: past }),
    /^the CloudSSO login has expired, or there is none: log in again \(aliyun configure --mode CloudSSO\)$/
  ],
  ["no CloudSSO login", config(sso), /log in again \(aliyun configure --mode CloudSSO\)$/],
  [
    "half a CloudSSO profile",
    config({ mode: "CloudSSO", access_token: "CANARY", cloud_sso_access_token_expire: future }),
    /lacks the CloudSSO sign-in URL/
  ],
  ["an OAuth site of no country", config({ mode: "OAuth", oauth_site_type: "CANARY" }), /must be CN or INTL$/],
  [
    "a temporary key that has expired",
    config({ ...key, mode: "StsToken", sts_token: "CANARY", sts_expiration: past }),
    /^the profile's temporary key has expired: fetch a new one, or log in again/
  ],
  [
    "a profile that is its own source",
    config({ mode: "ChainableRamRoleArn", source_profile: "p0" }),
    /^source_profile leads back to the same profile/
  ],
  [
    "profiles in a circle",
    config(
      { mode: "ChainableRamRoleArn", source_profile: "p1" },
      { mode: "ChainableRamRoleArn", source_profile: "p2" },
      { mode: "ChainableRamRoleArn", source_profile: "p1" }
    ),
    /^source_profile leads back to the same profile/
  ],
  [
    "a source that is not there",
    config({ mode: "ChainableRamRoleArn", source_profile: "CANARY" }),
    /^source_profile names a profile that ~\/\.aliyun\/config\.json does not have/
  ],
  [
    "a command that fails",
    config(node("console.error('CANARY'); process.exit(7)")),
    /^the command ended with exit code 7: run it by hand to see why$/
  ],
  [
    "a command that is killed",
    config(node("process.kill(process.pid, 'SIGKILL')")),
    /^the command was ended by SIGKILL$/
  ],
  [
    "a command that is not there",
    config({ mode: "External", process_command: "/CANARY/tool --CANARY" }),
    /^the command does not exist: correct process_command$/
  ],
  [
    "a command that is no program",
    config({ mode: "External", process_command: "/etc CANARY" }),
    /^the command cannot be run \(EACCES\)$/
  ],
  ["no command", config({ mode: "External" }), /^the profile has no process_command$/],
  [
    "a command whose quote is open",
    config({ mode: "External", process_command: 'tool "CANARY' }),
    /a quote or a backslash that is not closed$/
  ],
  ["a command that prints text", config(node("console.log('CANARY')")), /^the command printed no JSON/],
  [
    "a command that prints a list",
    config(node("console.log('[1]')")),
    /^the command printed JSON that is no credential/
  ],
  [
    "a command that prints half a key",
    config(prints({ access_key_id: "CANARY" })),
    /^the command printed no access_key_id, or no access_key_secret$/
  ],
  [
    "a command that prints no token",
    config(prints({ ...key, mode: "StsToken" })),
    /^the command printed no sts_token$/
  ],
  [
    "a command's expiry that is no time",
    config(prints({ ...key, mode: "StsToken", sts_token: "CANARY", expiration: "CANARY" })),
    /^its expiration is no time such as 2030-01-31T08:00:00Z/
  ],
  [
    "a command's key that has expired",
    config(prints({ ...key, mode: "StsToken", sts_token: "CANARY", expiration: "2020-01-01T00:00:00Z" })),
    /^its credential has expired: fetch a new one$/
  ]
]

describe("the CLI's profile", () => {
  it.live.each(profiles)("says so: %s", ([, content, reason]) =>
    isolated()((home) =>
      Effect.gen(function* () {
        yield* write(home, ".aliyun/config.json", content)
        assert.match(yield* reasonOf("cliProfile"), reason)
      })
    )
  )

  it.live("says so if its file is missing, or can't be read", () =>
    isolated()((home) =>
      Effect.gen(function* () {
        assert.match(yield* reasonOf("cliProfile"), /does not exist: run aliyun configure$/)
        yield* Effect.promise(() => fs.mkdir(`${home}/.aliyun/config.json`, { recursive: true }))
        assert.match(yield* reasonOf("cliProfile"), /cannot be read \(EISDIR\)$/)
      })
    )
  )

  it.live("takes a command's key, and its arguments as a shell would", () =>
    isolated()((home) =>
      Effect.gen(function* () {
        const file = yield* write(
          home,
          "a tool.mjs",
          "console.log(JSON.stringify({ access_key_id: process.argv.slice(2).join('|'), access_key_secret: 's', sts_token: 't', mode: 'StsToken', expiration: '2096-10-02T07:06:40Z' }))"
        )
        const command = `"${process.execPath}" '${file}' one "t'w\\"o" th\\ree ''`
        yield* write(home, ".aliyun/config.json", config({ mode: "External", process_command: command }))
        const found = yield* ask("cliProfile")
        assert.strictEqual(Redacted.value(found.accessKeyId), `one|t'w"o|three|`)
        assert.strictEqual(found.expiresAt, Date.parse("2096-10-02T07:06:40Z"))
      })
    )
  )
})

describe("the other sources", () => {
  it.live("a file that is not there, is a directory, or has no such profile", () =>
    isolated()((home) =>
      Effect.gen(function* () {
        assert.strictEqual(yield* reasonOf("credentialsFile"), "the file does not exist (ENOENT)")
        const elsewhere = { ALIBABA_CLOUD_CREDENTIALS_FILE: home }
        assert.strictEqual(
          yield* reasonOf("credentialsFile").pipe(withEnvironment(elsewhere)),
          "the path is a directory (EISDIR)"
        )
        yield* write(home, ".alibabacloud/credentials", "[other]\naccess_key_secret = CANARY\n")
        assert.match(yield* reasonOf("credentialsFile"), /^the profile is missing, or has no type: name it/)
        yield* write(home, ".alibabacloud/credentials", "[default]\ntype = CANARY\n")
        assert.match(yield* reasonOf("credentialsFile"), /must be access_key, ecs_ram_role or ram_role_arn$/)
      })
    )
  )

  it.live("a token's file that is not there", () =>
    isolated({
      ALIBABA_CLOUD_ROLE_ARN: "acs:ram::1:role/CANARY",
      ALIBABA_CLOUD_OIDC_PROVIDER_ARN: "acs:ram::1:oidc-provider/CANARY",
      ALIBABA_CLOUD_OIDC_TOKEN_FILE: "/CANARY"
    })(() => Effect.map(reasonOf("oidc"), (reason) => assert.strictEqual(reason, "the file does not exist (ENOENT)")))
  )

  const uri: ReadonlyArray<readonly [status: number, body: string, reason: RegExp]> = [
    [200, "CANARY", /^the answer is not JSON$/],
    [200, '{"AccessKeySecret":"CANARY"}', /^the answer holds no credential$/],
    [
      200,
      JSON.stringify({
        AccessKeyId: "CANARY",
        AccessKeySecret: "CANARY",
        SecurityToken: "CANARY",
        Expiration: "CANARY"
      }),
      /^its expiration is no time such as/
    ],
    [404, "CANARY", /^HTTP 404$/],
    [500, '{"Code":"CANARY 1"}', /^HTTP 500$/]
  ]
  it.live.each(uri)("a URI that answers %i %s", ([status, body, reason]) =>
    Effect.gen(function* () {
      const server = yield* httpServer((_, response) => response.writeHead(status).end(body))
      yield* isolated({ ALIBABA_CLOUD_CREDENTIALS_URI: `${server.origin}/CANARY` })(() =>
        Effect.map(reasonOf("credentialsUri"), (found) => assert.match(found, reason))
      )
    })
  )

  it.live("a malformed URI, or one that no server listens at", () =>
    Effect.gen(function* () {
      const at = (uri: string) => isolated({ ALIBABA_CLOUD_CREDENTIALS_URI: uri })(() => reasonOf("credentialsUri"))
      assert.strictEqual(yield* at("CANARY"), "ALIBABA_CLOUD_CREDENTIALS_URI is no URL: correct it")
      assert.strictEqual(yield* at("http://127.0.0.1:1/CANARY"), "no server listens at the address (ECONNREFUSED)")
    })
  )
})
