import { mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { Emulator } from "@effect-cloudauth/emulator/Emulator"
import * as Scenario from "@effect-cloudauth/emulator/Scenario"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Cli from "../src/Cli.ts"
import * as ExitCode from "../src/ExitCode.ts"
import * as Mask from "../src/Mask.ts"
import { directory, environment, run, runOn, start } from "./support.ts"

const emulated = Emulator.layer({ qps: undefined })

describe("exit codes", () => {
  it("are all different, and each is in the help", () => {
    const codes = Object.values(ExitCode.table).map(({ code }) => code)
    assert.strictEqual(new Set(codes).size, codes.length)
    for (const name of ExitCode.names)
      assert.include(ExitCode.help(...ExitCode.names), `${ExitCode.table[name].code}  ${name}`)
  })

  const outcomes: ReadonlyArray<readonly [id: string, exit: ExitCode.Name]> = [
    ["hksb-passed-hong-kong-identity-card", "Success"],
    ["hksb-rejected-211", "Rejected"],
    ["hksb-spoofed", "Rejected"],
    ["hksb-contradictory", "Inconclusive"],
    ["hksb-passed-mainland-travel-permit-taiwan", "Success"],
    ["hksb-unknown-fields", "Success"],
    ["hksb-expired", "Review"],
    ["hksb-missing-field", "Review"],
    ["hksb-edited", "Review"],
    ["hksb-wrong-check-digit-macao", "Review"],
    ["hksb-pending", "NotCompleted"],
    ["nobody-has-this", "UnknownTransaction"],
    ["hksb-error-MissingParameter", "InvalidRequest"],
    ["hksb-error-Forbidden.RAMUserAccessDenied", "Denied"],
    ["hksb-error-Forbidden.AccountAccessDenied", "Denied"],
    ["hksb-error-InvalidAccessKeyId.NotFound", "Credentials"],
    ["hksb-error-SignatureDoesNotMatch", "Credentials"],
    ["hksb-error-InternalError", "Unavailable"],
    ["hksb-throttled", "Throttled"],
    ["garbled", "Unreadable"],
    ["future-code", "Unreadable"]
  ]
  for (const [id, exit] of outcomes) {
    it.live(`check ${id} ends with ${ExitCode.table[exit].code}`, () =>
      Effect.gen(function* () {
        const emulator = yield* Emulator
        yield* emulator.register("garbled", Scenario.raw({ status: 200, body: '{"Code":"Success"}' }))
        yield* emulator.register("future-code", Scenario.errorCode("Newer.Code", { status: 400 }))
        const ran = yield* runOn(["check", id])
        assert.strictEqual(ran.code, ExitCode.table[exit].code, ran.stderr)
        if (!["Success", "Rejected", "Inconclusive", "Review"].includes(exit)) assert.strictEqual(ran.stdout, "")
      }).pipe(Effect.provide(emulated))
    )
  }

  it.live("an inconclusive verdict is no success, and its reason is printed", () =>
    Effect.gen(function* () {
      const text = yield* runOn(["check", "hksb-contradictory"])
      assert.strictEqual(text.code, ExitCode.table.Inconclusive.code)
      assert.match(text.stdout, /reason +Passed and the sub code contradict each other/)
      const json = yield* runOn(["check", "hksb-contradictory", "--json"])
      assert.strictEqual(json.code, ExitCode.table.Inconclusive.code)
      assert.strictEqual(JSON.parse(json.stdout).verdict.reasonCode, "SubCodeContradicts")
    }).pipe(Effect.provide(emulated))
  )

  it.live("a pass that a critical finding speaks against is no success, and each finding is printed", () =>
    Effect.gen(function* () {
      const text = yield* runOn(["check", "hksb-expired"])
      assert.strictEqual(text.code, ExitCode.table.Review.code)
      assert.match(text.stdout, /✔ Passed/)
      assert.match(text.stdout, /! Expired \(expiryDate\): The document has expired/)
      const json = yield* runOn(["check", "hksb-expired", "--json"])
      assert.strictEqual(json.code, ExitCode.table.Review.code)
      const { findings }: { findings: ReadonlyArray<{ code: string }> } = JSON.parse(json.stdout)
      assert.include(
        findings.map(({ code }) => code),
        "Expired"
      )
    }).pipe(Effect.provide(emulated))
  )

  it.live("another document than the one that was asked for is inconclusive", () =>
    Effect.gen(function* () {
      const args = ["check", "hksb-passed-global-passport", "--document", "hong-kong-identity-card"]
      const ran = yield* runOn(args)
      assert.strictEqual(ran.code, ExitCode.table.Inconclusive.code, ran.stderr)
      assert.match(ran.stdout, /reason +Passed is Y, but the fields are not those of the document that was asked for/)
    }).pipe(Effect.provide(emulated))
  )

  it.live("wrong keys, no key, no server, a wrong parameter, a wrong command line", () =>
    Effect.gen(function* () {
      const emulator = yield* Emulator
      const env = environment(emulator)
      const id = "hksb-passed-global-passport"
      const wrongSecret = yield* run(["check", id], { ...env, ALIBABA_CLOUD_ACCESS_KEY_SECRET: "wrong-secret-canary" })
      assert.strictEqual(wrongSecret.code, ExitCode.table.Credentials.code)
      assert.notInclude(wrongSecret.stderr, "wrong-secret-canary")
      const nobody = yield* run(["check", id], { ...env, CLOUDAUTH_ENDPOINT: "http://127.0.0.1:1" })
      assert.strictEqual(nobody.code, ExitCode.table.Transport.code)
      const longId = yield* runOn(["check", id, "--merchant-biz-id", "x".repeat(33)])
      assert.strictEqual(longId.code, ExitCode.table.InvalidRequest.code)
      const foreign = yield* run(["check", id], { ...env, CLOUDAUTH_ENDPOINT: "http://example.com" })
      assert.strictEqual(foreign.code, ExitCode.table.Usage.code)
      for (const args of [
        ["check"],
        ["chekc"],
        ["check", id, "--document", "driving-licence"],
        ["check", id, "--quiet", "--verbose"]
      ]) {
        const ran = yield* runOn(args)
        assert.strictEqual(ran.code, ExitCode.table.Usage.code, args.join(" "))
        assert.strictEqual(ran.stdout, "")
        assert.include(ran.stderr, "--help")
      }
    }).pipe(Effect.provide(emulated))
  )

  it.live("a signal ends with 130, no key with its code, as a process", () =>
    Effect.gen(function* () {
      const emulator = yield* Emulator
      yield* emulator.register("slow", Scenario.passed({ delayMillis: 20_000 }))
      const child = start(["check", "slow"], environment(emulator))
      while ((yield* emulator.callsOf("slow")).length === 0) yield* Effect.sleep("20 millis")
      child.process.kill("SIGINT")
      assert.strictEqual((yield* Effect.promise(() => child.ended)).code, ExitCode.table.Interrupted.code)
      const noKey = start(["check", "x"], {
        CLOUDAUTH_ENDPOINT: emulator.url,
        ALIBABA_CLOUD_ECS_METADATA_DISABLED: "true"
      })
      const ended = yield* Effect.promise(() => noKey.ended)
      assert.strictEqual(ended.code, ExitCode.table.Credentials.code, ended.stderr)
      assert.include(ended.stderr, "ALIBABA_CLOUD_ACCESS_KEY_ID")
    }).pipe(Effect.provide(emulated))
  )
})

describe("check", () => {
  const person = { surname: "CANARYSURNAME", passportNo: "CANARY1234567" }

  it.live("masks unless told to reveal, in text and JSON", () =>
    Effect.gen(function* () {
      const emulator = yield* Emulator
      yield* emulator.register("t1", Scenario.passed({ document: "global-passport", fields: person }))
      for (const args of [
        ["check", "t1"],
        ["check", "t1", "--json"],
        ["check", "t1", "--verbose"],
        ["check", "t1", "--document", "global-passport"]
      ]) {
        const masked = yield* runOn(args)
        // The emulator's passport is a specimen.
        assert.strictEqual(masked.code, ExitCode.table.Review.code)
        assert.notMatch(masked.stdout + masked.stderr, /CANARY/, args.join(" "))
      }
      const shown = yield* runOn(["check", "t1"])
      assert.include(shown.stdout, Mask.hidden)
      assert.match(shown.stdout, /Passed/)
      assert.include((yield* runOn(["check", "t1", "--reveal"])).stdout, "CANARYSURNAME")
      const json = JSON.parse((yield* runOn(["check", "t1", "--json", "--reveal"])).stdout)
      assert.strictEqual(json.verdict._tag, "Passed")
      assert.strictEqual(json.person.ocr.passportNo, "CANARY1234567")
    }).pipe(Effect.provide(emulated))
  )

  it.live("writes everything for the owner alone", () =>
    Effect.gen(function* () {
      const path = yield* directory
      const ran = yield* runOn(["check", "hksb-passed-hong-kong-identity-card", "--out", path])
      assert.strictEqual(ran.code, 0)
      const target = join(path, "hksb-passed-hong-kong-identity-card")
      assert.strictEqual(statSync(target).mode & 0o777, 0o700)
      const result = JSON.parse(readFileSync(join(target, "result.json"), "utf8"))
      for (const side of ["front", "back"]) {
        const stat = statSync(join(target, result.locations[side]))
        assert.strictEqual(stat.mode & 0o777, 0o600)
        assert.strictEqual(stat.size, result.images[side].size)
      }
      assert.strictEqual(statSync(join(target, "result.json")).mode & 0o777, 0o600)
      // An id that is no file name does not leave the directory.
      const emulator = yield* Emulator
      yield* emulator.register("../../evil", Scenario.passed())
      assert.strictEqual((yield* runOn(["check", "../../evil", "--out", join(path, "deep")])).code, 0)
      mkdirSync(join(path, "file"), { recursive: true })
      writeFileSync(join(path, "file", "hksb-passed-hong-kong-identity-card"), "")
      const refused = yield* runOn(["check", "hksb-passed-hong-kong-identity-card", "--out", join(path, "file")])
      assert.strictEqual(refused.code, ExitCode.table.Storage.code)
    }).pipe(Effect.scoped, Effect.provide(emulated))
  )

  it.live("does not say that no risk was found if it can't know that anti-spoofing was requested", () =>
    Effect.gen(function* () {
      const emulator = yield* Emulator
      yield* emulator.register("risk", Scenario.spoofed(["TAMPER"]))
      const front = (stdout: string) => /spoof front +(.*)/.exec(stdout)?.[1]
      assert.match(front((yield* runOn(["check", "hksb-passed-global-passport"])).stdout) ?? "", /^unknown: /)
      assert.strictEqual(front((yield* runOn(["check", "risk"])).stdout), "RISK (TAMPER)")
      assert.match((yield* runOn(["check", "hksb-rejected-211"])).stdout, /spoof back +not reported/)
    }).pipe(Effect.provide(emulated))
  )

  it.live("shows a document that can't be read, and what was not as documented", () =>
    Effect.gen(function* () {
      const emulator = yield* Emulator
      yield* emulator.register("torn", Scenario.passed({ nesting: { inner: "malformed" } }))
      const ran = yield* runOn(["check", "torn"])
      assert.strictEqual(ran.code, ExitCode.table.Inconclusive.code, ran.stdout)
      assert.match(ran.stdout, /document +unreadable: /)
      assert.match(ran.stdout, /! Result\.ExtIdInfo\.ocrIdInfo: expected /)
    }).pipe(Effect.provide(emulated))
  )

  it.live("waits for the user, and no longer than told", () =>
    Effect.gen(function* () {
      const emulator = yield* Emulator
      yield* emulator.register("soon", Scenario.sequence([Scenario.notCompleted, Scenario.passed()]))
      assert.strictEqual((yield* runOn(["check", "soon", "--wait"])).code, 0)
      assert.strictEqual((yield* emulator.callsOf("soon")).length, 2)
      const never = yield* runOn(["check", "hksb-pending", "--wait", "--wait-limit", "1s"])
      assert.strictEqual(never.code, ExitCode.table.NotCompleted.code)
      assert.strictEqual(
        (yield* runOn(["check", "hksb-pending", "--wait-limit", "soon"])).code,
        ExitCode.table.Usage.code
      )
    }).pipe(Effect.provide(emulated))
  )

  it.live("what the service sends can't steer the terminal", () =>
    Effect.gen(function* () {
      const emulator = yield* Emulator
      yield* emulator.register(
        "esc",
        Scenario.passed({ fields: { name: "\u001b[2Jboo" }, subCode: "\u001b]0;x\u0007" })
      )
      const ran = yield* runOn(["check", "esc", "--reveal"])
      // eslint-disable-next-line no-control-regex
      assert.notMatch(ran.stdout, /[\u0000-\u0009\u000b-\u001f\u007f]/)
    }).pipe(Effect.provide(emulated))
  )
})

describe("settings", () => {
  it.live("flag before environment before file before default; a file with a secret or a slip is refused", () =>
    Effect.gen(function* () {
      const path = yield* directory
      const file = join(path, "settings.json")
      writeFileSync(file, JSON.stringify({ region: "ap-southeast-1", network: "vpc", qps: 5 }))
      const settings = (args: ReadonlyArray<string>, env: Record<string, string>) =>
        Effect.map(run(["doctor", "--offline", ...args], env), ({ stdout }) => stdout)
      assert.include(yield* settings([], {}), "cn-hongkong (default), public network (default)")
      const fromFile = yield* settings(["--config", file], {})
      assert.include(fromFile, "ap-southeast-1 (file), vpc network (file)")
      assert.notInclude(fromFile, "correct the region")
      assert.include(yield* settings(["--region", "cn-hongkon"], {}), "cn-hongkong, ap-southeast-1")
      const env = { CLOUDAUTH_CONFIG: file, CLOUDAUTH_REGION: "ap-southeast-3" }
      assert.include(yield* settings([], env), "ap-southeast-3 (environment), vpc network (file)")
      assert.include(yield* settings(["--region", "ap-southeast-5"], env), "ap-southeast-5 (flag)")
      for (const [content, canary] of [
        ['{"accessKeySecret":"CANARYSECRET"}', "CANARYSECRET"],
        ['{"qps":"CANARYTEXT"}', "CANARYTEXT"],
        ["{", "{{"]
      ] as const) {
        writeFileSync(file, content)
        const ran = yield* run(["doctor", "--offline", "--config", file])
        assert.strictEqual(ran.code, ExitCode.table.Usage.code)
        assert.notInclude(ran.stderr + ran.stdout, canary)
      }
      for (const [name, value, rule] of [
        ["CLOUDAUTH_QPS", "many", "must be a whole number above 0"],
        ["CLOUDAUTH_CONCURRENCY", "1001", "must be a whole number from 1 to 1000"],
        ["CLOUDAUTH_NETWORK", "private", "must be public or vpc"]
      ] as const) {
        const ran = yield* run(["doctor", "--offline"], { [name]: value })
        assert.strictEqual(ran.code, ExitCode.table.Usage.code)
        assert.include(ran.stderr, `${name} ${rule}`)
      }
      // A file of the home directory that can't be read is an error, though no flag names it.
      mkdirSync(join(path, "effect-cloudauth", "config.json"), { recursive: true })
      const unreadable = yield* run(["doctor", "--offline"], { XDG_CONFIG_HOME: path })
      assert.strictEqual(unreadable.code, ExitCode.table.Usage.code)
      assert.include(unreadable.stderr, "config.json: cannot be read: it is a directory (EISDIR)")
      const circle = join(path, "circle", "effect-cloudauth")
      mkdirSync(circle, { recursive: true })
      symlinkSync("config.json", join(circle, "config.json"))
      const circular = yield* run(["doctor", "--offline"], { XDG_CONFIG_HOME: join(path, "circle") })
      assert.include(circular.stderr, "config.json: cannot be read:")
      assert.notInclude((yield* run(["doctor", "--offline"], { HOME: "/dev/null" })).stderr, "config.json")
      assert.strictEqual(
        (yield* run(["doctor", "--offline", "--config", join(path, "none")])).code,
        ExitCode.table.Usage.code
      )
    }).pipe(Effect.scoped)
  )
})

describe("help", () => {
  it.live("teaches: every command has examples and exit codes, and completions know the commands", () =>
    Effect.gen(function* () {
      const names = ["check", "collect", "report", "doctor", "retention"]
      for (const name of names) {
        const { code, stdout } = yield* run([name, "--help"])
        assert.strictEqual(code, 0)
        assert.include(stdout, "EXAMPLES")
        assert.include(stdout, "Exit codes:")
        assert.match(stdout, new RegExp(`effect-cloudauth ${name}`))
      }
      for (const shell of ["bash", "zsh", "fish", "powershell"]) {
        const { code, stdout } = yield* run(["--completions", shell])
        assert.strictEqual(code, 0)
        for (const name of [...names, "global-passport"]) assert.include(stdout, name)
      }
      assert.include((yield* run(["--version"])).stdout, Cli.version)
    })
  )

  it.live("starts with the commands, and ends with the exit codes", () =>
    Effect.gen(function* () {
      for (const args of [["--help"], [], ["retention", "--help"]]) {
        const { stdout } = yield* run(args, { NO_COLOR: "1" })
        const headings = [...stdout.matchAll(/^(?:[A-Z ]+|Exit codes:)$/gm)].map(([heading]) => heading)
        assert.deepStrictEqual(headings.slice(0, 4), ["DESCRIPTION", "USAGE", "SUBCOMMANDS", "FLAGS"])
        assert.strictEqual(headings.at(-1), "Exit codes:")
        assert.strictEqual(new Set(headings).size, headings.length)
        // On the first screen.
        assert.isBelow(stdout.split("\n").indexOf("SUBCOMMANDS"), 8)
      }
      const { stdout } = yield* run(["check", "--help"], { NO_COLOR: "1" })
      assert.match(stdout, /ARGUMENTS\n {2}transaction-id[\s\S]*\nFLAGS\n[\s\S]*Exit codes:/)
    })
  )

  it.live("colour is asked for by FORCE_COLOR and forbidden by NO_COLOR", () =>
    Effect.gen(function* () {
      const emulator = yield* Emulator
      const env = environment(emulator)
      const args = ["check", "hksb-passed-hong-kong-identity-card"]
      assert.include((yield* run(args, { ...env, FORCE_COLOR: "1" })).stdout, "\u001b[")
      assert.notInclude((yield* run(args, { ...env, FORCE_COLOR: "1", NO_COLOR: "1" })).stdout, "\u001b[")
      assert.notInclude((yield* run(args, env)).stdout, "\u001b[")
    }).pipe(Effect.provide(Layer.fresh(emulated)))
  )
})
