import { Emulator } from "@effect-cloudauth/emulator/Emulator"
import * as Fault from "@effect-cloudauth/emulator/Fault"
import * as Scenario from "@effect-cloudauth/emulator/Scenario"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as ExitCode from "../src/ExitCode.ts"
import { environment, runAlone, start } from "./support.ts"

const emulated = Emulator.layer()

interface Finding {
  readonly name: string
  readonly state: string
  readonly what: string
  readonly fix?: string
}

const doctor = (env: Record<string, string | undefined> = {}, ...args: ReadonlyArray<string>) =>
  Effect.gen(function* () {
    const emulator = yield* Emulator
    const all: Record<string, string | undefined> = {
      ...environment(emulator),
      ALIBABA_CLOUD_ECS_METADATA_DISABLED: "true",
      ...env
    }
    const given = Object.fromEntries(
      Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined)
    )
    const ran = yield* runAlone(["doctor", "--json", ...args], given)
    const findings = JSON.parse(ran.stdout) as ReadonlyArray<Finding> // what `doctor --json` prints
    const of = (name: string) => findings.find((finding) => finding.name === name)
    return { ...ran, of, findings }
  })

describe("doctor", () => {
  it.live("runs as a process of its own", () =>
    Effect.gen(function* () {
      const emulator = yield* Emulator
      const { code, stdout } = yield* Effect.promise(() => start(["doctor"], environment(emulator)).ended)
      assert.strictEqual(code, 0)
      assert.include(stdout, "access key …y-id from environment")
    }).pipe(Effect.provide(emulated))
  )

  it.live("finds all well", () =>
    Effect.gen(function* () {
      const { code, of, stdout } = yield* doctor()
      assert.strictEqual(code, 0)
      for (const name of ["credentials", "endpoint", "clock", "permission", "quota"])
        assert.strictEqual(of(name)?.state, "Good", name)
      assert.include(of("credentials")?.what, "environment")
      assert.notInclude(stdout, "emulator-access-key-secret")
      assert.notInclude(stdout, "emulator-access-key-id")
      // It asked for no existing transaction.
      const emulator = yield* Emulator
      for (const call of yield* emulator.calls) assert.notStrictEqual(call.code, "Success")
    }).pipe(Effect.provide(emulated))
  )

  it.live("no key: says which sources were asked, and the fix", () =>
    Effect.gen(function* () {
      const { code, of } = yield* doctor({
        ALIBABA_CLOUD_ACCESS_KEY_ID: undefined,
        ALIBABA_CLOUD_ACCESS_KEY_SECRET: undefined
      })
      assert.strictEqual(code, ExitCode.table.Credentials.code)
      assert.match(of("credentials")?.what ?? "", /environment: .*cliProfile: .*credentialsFile: /s)
      assert.include(of("credentials")?.fix, "ALIBABA_CLOUD_ACCESS_KEY_ID")
      assert.strictEqual(of("permission")?.state, "Info")
    }).pipe(Effect.provide(emulated))
  )

  it.live("a code that is not listed: says by its form whose fault it is, and the fix", () =>
    Effect.gen(function* () {
      const emulator = yield* Emulator
      const codes = [
        ["NoPermission", 403, "Denied", /AliyunAntCloudAuthFullAccess/],
        ["Forbidden.RAM", 403, "Denied", /AliyunAntCloudAuthFullAccess/],
        ["UnauthorizedOperation", 401, "Denied", /AliyunAntCloudAuthFullAccess/],
        ["InvalidAccessKeyId.Some", 404, "Credentials", /access key/],
        ["InvalidSecurityToken.MismatchWithAccessKey", 400, "Credentials", /security token/],
        ["SignatureTypeMismatch", 400, "Credentials", /access key secret/],
        ["InvalidTimeStamp.Format", 400, "ClockSkewed", /NTP/],
        ["SystemError", 500, "Unavailable", /Try again later/],
        ["Newer.Code", 400, "Unreadable", /documentation/]
      ] as const
      for (const [code, status, exit, fix] of codes) {
        yield* emulator.setDefault(Scenario.errorCode(code, { status }))
        const ran = yield* doctor({}, "--burst", "0")
        assert.deepStrictEqual([code, ran.code], [code, ExitCode.table[exit].code])
        assert.include(ran.of("permission")?.what, code)
        assert.match(ran.of("permission")?.fix ?? "", fix)
      }
    }).pipe(Effect.provide(emulated))
  )

  it.live("a wrong secret, a denied user, a clock that is off, a quota, no server", () =>
    Effect.gen(function* () {
      const emulator = yield* Emulator
      const wrong = yield* doctor({ ALIBABA_CLOUD_ACCESS_KEY_SECRET: "WRONGCANARY" })
      assert.strictEqual(wrong.code, ExitCode.table.Credentials.code)
      assert.include(wrong.of("permission")?.what, "SignatureRejected")
      assert.notInclude(wrong.stdout + wrong.stderr, "WRONGCANARY")

      yield* emulator.setDefault(Scenario.errorCode("Forbidden.RAMUserAccessDenied"))
      const denied = yield* doctor()
      assert.strictEqual(denied.code, ExitCode.table.Denied.code)
      assert.include(denied.of("permission")?.fix, "AliyunAntCloudAuthFullAccess")
      yield* emulator.setDefault(undefined)

      yield* emulator.setFaults([Fault.rule(Fault.Fault.cases.ClockSkew.make({ millis: 3_600_000 }))])
      const skewed = yield* doctor()
      assert.strictEqual(skewed.code, ExitCode.table.ClockSkewed.code)
      assert.match(skewed.of("clock")?.what ?? "", /3[56]\d\d\.\d s behind/)
      assert.include(skewed.of("clock")?.fix, "NTP")
      yield* emulator.setFaults([])

      yield* emulator.setQps(2)
      const limited = yield* doctor({ CLOUDAUTH_QPS: "1" }, "--burst", "8")
      assert.strictEqual(limited.of("quota")?.state, "Doubtful")
      assert.match(limited.of("quota")?.what ?? "", /--qps \d/)
      yield* emulator.setQps(undefined)

      const away = yield* doctor({ CLOUDAUTH_ENDPOINT: "http://127.0.0.1:1" })
      assert.strictEqual(away.code, ExitCode.table.Transport.code)
      assert.include(away.of("endpoint")?.what, "ECONNREFUSED")
      const refused = yield* doctor({ CLOUDAUTH_ENDPOINT: "ftp://example.com" })
      assert.strictEqual(refused.code, ExitCode.table.Usage.code)
      assert.include(refused.of("endpoint")?.what, "endpoint must be https://host")
    }).pipe(Effect.provide(emulated))
  )
})
