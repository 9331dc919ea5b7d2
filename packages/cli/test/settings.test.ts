/** The person who runs the command decides the target of requests, results and images, never the working directory. */
import { mkdirSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { Emulator } from "@effect-cloudauth/emulator/Emulator"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as ExitCode from "../src/ExitCode.ts"
import * as Settings from "../src/Settings.ts"
import { directory, environment, run, runAlone, runOn } from "./support.ts"

const emulated = Emulator.layer()

const write = (file: string, content: unknown) => {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, JSON.stringify(content))
  return file
}

/** Runs the command with a file of settings in its working directory, and nothing else set but `env`. */
const runBeside = (content: unknown, args: ReadonlyArray<string>, env: Record<string, string> = {}) =>
  Effect.gen(function* () {
    const cwd = yield* directory
    write(join(cwd, Settings.defaultFile), content)
    return yield* runAlone(args, env, cwd)
  })

describe("a settings file in the working directory", () => {
  for (const [key, value] of [
    ["endpoint", "http://127.0.0.1:1"],
    ["store", "elsewhere.db"],
    ["images", "s3://stolen/x"],
    ["s3Endpoint", "https://stolen.example"],
    ["s3Region", "stolen.example/"],
    // A bucket named cloudauth-intl, in the vendor's own object storage.
    ["region", "oss-cn-hongkong"]
  ] as const) {
    it.live(`can't set ${key}, and the error says what to do`, () =>
      Effect.gen(function* () {
        const ran = yield* runBeside({ qps: 5, [key]: value }, ["doctor", "--offline"])
        assert.strictEqual(ran.code, ExitCode.table.Usage.code)
        assert.include(ran.stderr, Settings.defaultFile)
        assert.include(ran.stderr, `can't set ${key}`)
        assert.include(ran.stderr, Settings.variables[key])
        assert.include(ran.stderr, "/nonexistent/.config/effect-cloudauth/config.json")
        assert.notInclude(ran.stderr, value)
      }).pipe(Effect.scoped)
    )
  }

  it.live("sends no request anywhere before it is refused", () =>
    Effect.gen(function* () {
      const emulator = yield* Emulator
      const { CLOUDAUTH_ENDPOINT, ...keys } = environment(emulator)
      const ran = yield* runBeside(
        { endpoint: CLOUDAUTH_ENDPOINT },
        ["check", "hksb-passed-hong-kong-identity-card"],
        keys
      )
      assert.strictEqual(ran.code, ExitCode.table.Usage.code)
      assert.strictEqual(ran.stdout, "")
      assert.lengthOf(yield* emulator.calls, 0)
    }).pipe(Effect.scoped, Effect.provide(emulated))
  )

  it.live("doesn't hide the home directory's file, which can set everything", () =>
    Effect.gen(function* () {
      const home = yield* directory
      const config = write(join(home, "effect-cloudauth", "config.json"), {
        endpoint: "https://kyc-proxy.example",
        qps: 5
      })
      const ran = yield* runBeside({ qps: 3 }, ["doctor", "--offline"], { XDG_CONFIG_HOME: home })
      assert.include(
        ran.stdout,
        `https://kyc-proxy.example (file); configuration file ${Settings.defaultFile}, ${config}`
      )
    }).pipe(Effect.scoped)
  )

  it.live("is not taken for the home directory's if the home is empty or relative", () =>
    Effect.gen(function* () {
      const cwd = yield* directory
      write(join(cwd, "effect-cloudauth", "config.json"), { endpoint: "http://127.0.0.1:1" })
      write(join(cwd, ".config", "effect-cloudauth", "config.json"), { endpoint: "http://127.0.0.1:1" })
      for (const env of [{ XDG_CONFIG_HOME: "" }, { XDG_CONFIG_HOME: "." }, { HOME: "" }, { HOME: "." }]) {
        const ran = yield* runAlone(["doctor", "--offline"], env, cwd)
        assert.include(ran.stdout, "no configuration file")
      }
    }).pipe(Effect.scoped)
  )
})

describe("an endpoint", () => {
  it.live("that is not the vendor's is named on standard error, even with --quiet", () =>
    Effect.gen(function* () {
      const { url } = yield* Emulator
      for (const args of [
        ["check", "hksb-passed-hong-kong-identity-card"],
        ["--quiet", "check", "hksb-passed-hong-kong-identity-card"]
      ]) {
        const ran = yield* runOn(args)
        assert.strictEqual(ran.code, 0)
        assert.include(ran.stderr, `Requests go to ${url}`)
      }
    }).pipe(Effect.provide(emulated))
  )

  it.live("takes no region or network beside it that would have no effect", () =>
    Effect.gen(function* () {
      const path = yield* directory
      const file = write(join(path, "both.json"), { region: "cn-hongkong", endpoint: "https://kyc-proxy.example" })
      const endpoint = { CLOUDAUTH_ENDPOINT: "https://kyc-proxy.example" }
      const region = ["--region", "ap-southeast-1"]
      for (const [args, env, words] of [
        [region, endpoint, "--region has no effect beside CLOUDAUTH_ENDPOINT"],
        [["--network", "vpc"], endpoint, "--network has no effect beside CLOUDAUTH_ENDPOINT"],
        [[...region, "--endpoint", "https://kyc-proxy.example"], {}, "--region has no effect beside --endpoint"],
        [[], { ...endpoint, CLOUDAUTH_REGION: "cn-hongkong" }, "CLOUDAUTH_REGION has no effect"],
        [["--config", file], {}, "region in the settings file has no effect"]
      ] as const) {
        const ran = yield* run(["doctor", "--offline", ...args], env)
        assert.strictEqual(ran.code, ExitCode.table.Usage.code, words)
        assert.include(ran.stderr, words)
      }
      // A stronger endpoint is an override, as for a run against the emulator.
      const stronger = yield* run(["doctor", "--offline", "--endpoint", "https://kyc-proxy.example"], {
        CLOUDAUTH_REGION: "cn-hongkong"
      })
      assert.include(stronger.stdout, "https://kyc-proxy.example (flag)")
    }).pipe(Effect.scoped)
  )

  it.live("says which key or line is wrong, and quotes no value", () =>
    Effect.gen(function* () {
      const path = yield* directory
      const file = join(path, "settings.json")
      for (const [text, words] of [
        ['{\n  "region": "cn-hongkong",\n  "SECRETCANARY" }', "is no JSON from line 3 on"],
        ['{ "acessKeySecret": "SECRETCANARY" }', '"acessKeySecret" is no setting. Settings are region, network'],
        [
          '{ "network": "SECRETCANARY", "qps": -1 }',
          "network must be public or vpc; qps must be a whole number above 0"
        ],
        [
          '{ "store": 5, "concurrency": 5000 }',
          "store must be text; concurrency must be a whole number from 1 to 1000"
        ],
        ['["SECRETCANARY"]', "must be a JSON object"]
      ] as const) {
        writeFileSync(file, text)
        const ran = yield* run(["doctor", "--offline", "--config", file])
        assert.strictEqual(ran.code, ExitCode.table.Usage.code)
        assert.include(ran.stderr, words)
        assert.include(ran.stderr, file)
        assert.notInclude(ran.stderr, "SECRETCANARY")
      }
    }).pipe(Effect.scoped)
  )
})
