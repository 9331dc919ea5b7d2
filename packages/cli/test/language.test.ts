/** Help, messages and advice in Chinese. */
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Emulator } from "@effect-cloudauth/emulator/Emulator"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { compare, faults } from "../scripts/untranslated.ts"
import * as Cli from "../src/Cli.ts"
import * as Language from "../src/Language.ts"
import { directory, run, runAlone, runOn } from "./support.ts"

const unreachable = {
  CLOUDAUTH_ENDPOINT: "http://127.0.0.1:1",
  ALIBABA_CLOUD_ACCESS_KEY_ID: "emulator-access-key-id",
  ALIBABA_CLOUD_ACCESS_KEY_SECRET: "emulator-access-key-secret"
}

/** Arguments that end each command with an error of its own, beside a flag that it does not know. */
const slips = (path: string): Readonly<Record<string, ReadonlyArray<ReadonlyArray<string>>>> => ({
  "": [["chek"], ["--quiet", "--verbose", "doctor"], ["--config", join(path, "none.json"), "doctor"]],
  check: [
    [],
    ["a", "b"],
    ["hksb1"],
    ["hksb1", "--document", "x"],
    ["hksb1", "--merchant-biz-id", "!"],
    ["hksb1", "--out", "/dev/null/x"]
  ],
  log: [[], ["hksb1"]],
  collect: [
    [join(path, "none.csv")],
    [join(path, "empty.csv"), "--store", join(path, "a.db")],
    [join(path, "bad.csv"), "--store", join(path, "a.db"), "--failed", join(path, "failed.csv")],
    ["--concurrency", "x"],
    ["--concurrency", "0"],
    ["--time-zone", "Mars", "-"],
    ["--reveal"],
    ["--store", "dir:x"],
    ["--store", join(path, "no.db"), "--images", "s3://_"],
    ["--store", "postgres://127.0.0.1:1/x?sslmode=prefer"],
    ["--store", join(path, "bad.csv")]
  ],
  report: [
    ["--store", join(path, "none.db")],
    ["--list", "-1"]
  ],
  doctor: [["--network", "lan"], ["--network"], [], ["--endpoint", "ftp://x"]],
  retention: [
    ["--within", "soon"],
    ["--store", join(path, "none.db")]
  ],
  "retention purge": [[], ["--older-than", "1d", "--store", join(path, "none.db")]],
  "retention delete": [
    ["--type", "x"],
    ["--type", "Img", "--store", join(path, "none.db")]
  ],
  "retention tombstones": [["--store", join(path, "none.db")]],
  emulator: [
    ["--admin-token", "short"],
    ["--tls-key", join(path, "empty.csv")],
    ["--replay", join(path, "none")],
    ["--replay", join(path, "bad.csv")],
    ["--faults", "{"],
    ["--host", "203.0.113.1", "--port", "0"]
  ],
  "emulator record": [["--upstream", "http://203.0.113.1"]]
})

/** More than three words of English in a row. Names of files, flags, variables and fields are no words. */
const english = /(?<![\w/.-])[A-Za-z][a-z']*(?: [a-z][a-z']*){3,}(?![\w/.-])/

describe("the language", () => {
  it.live("of help is that of --lang, wherever it stands", () =>
    Effect.gen(function* () {
      const hans = yield* run(["check", "--help", "--lang", "zh-Hans"])
      assert.match(hans.stdout, /^说明\n {2}查询一次认证的结果/)
      assert.match(hans.stdout, /^ {2}--wait {2,}重复查询，直到用户完成$/m)
      assert.match(hans.stdout, /^ {3}12 {2}NotCompleted: 用户尚未完成$/m)
      const hant = yield* run(["--lang=zh-Hant", "--help"])
      assert.match(hant.stdout, /^ {2}check {2,}查詢一次驗證的結果$/m)
      assert.match(hant.stdout, /^範例$/m)
      const other = yield* run(["doctor", "--lang", "fr"])
      assert.strictEqual(other.code, 2)
      assert.include(other.stderr, "zh-Hans")
    })
  )

  it.live("is else that of LC_ALL, LC_MESSAGES or LANG, in this order", () =>
    Effect.gen(function* () {
      const languageOf = (env: Record<string, string>, args: ReadonlyArray<string> = []) =>
        Effect.map(run([...args, "--help"], env), ({ stdout }) => stdout.slice(0, 2))
      assert.strictEqual(yield* languageOf({ LANG: "zh_HK.UTF-8" }), "說明")
      assert.strictEqual(yield* languageOf({ LC_MESSAGES: "zh_CN.UTF-8", LANG: "zh_HK.UTF-8" }), "说明")
      assert.strictEqual(yield* languageOf({ LC_ALL: "C", LANG: "zh_HK.UTF-8" }), "DE")
      assert.strictEqual(yield* languageOf({ LC_ALL: "", LANG: "zh_HK.UTF-8" }), "說明")
      assert.strictEqual(yield* languageOf({ LANG: "zh_HK.UTF-8" }, ["--lang", "en"]), "DE")
    })
  )

  it("of a locale: of Hong Kong, Macao and Taiwan it is Traditional Chinese; English if the terminal's encoding is not UTF-8", () => {
    const expected = {
      "zh-Hant": ["zh_HK.UTF-8", "zh_TW.utf8", "zh_MO", "zh_Hant_HK.UTF-8", "zh-Hant"],
      "zh-Hans": ["zh_CN.UTF-8", "zh_SG", "zh", "zh_Hans_HK.UTF-8", "zh_CN.UTF-8@pinyin"],
      en: ["C", "POSIX", "en_HK.UTF-8", "zh_CN.GB18030", "zh_HK.BIG5-HKSCS", "zha_CN.UTF-8", ""]
    }
    for (const [language, locales] of Object.entries(expected))
      for (const locale of locales) assert.strictEqual(Language.ofLocale(locale), language, locale)
  })

  it.live("is that of every error's advice, in text and in JSON", () =>
    Effect.gen(function* () {
      const advice = "接入點或代理的地址上沒有服務在監聽：請啟動它，或更正主機和連接埠。客戶端已按重試政策重試。"
      const text = yield* run(["check", "abc1", "--lang", "zh-Hant"], unreachable)
      assert.match(text.stderr, /^錯誤\n {2}TransportError：連接失敗：ECONNREFUSED（/m)
      assert.include(text.stderr, `\n  ${advice}`)
      const json = yield* run(["check", "abc1", "--json", "--lang", "zh-Hant"], unreachable)
      const { error } = JSON.parse(json.stdout)
      assert.deepInclude(error, { outcome: "Transport", exitCode: 32, advice })
      assert.include(error.message, advice)
      const keyless = yield* runAlone(["check", "abc1", "--lang", "zh-Hans"], {
        ALIBABA_CLOUD_ECS_METADATA_DISABLED: "true"
      })
      assert.include(keyless.stderr, "\n  没有密钥也可试用：运行 effect-cloudauth emulator")
      const doctor = yield* run(["doctor", "--lang", "zh-Hant"], unreachable)
      assert.include(doctor.stdout, "→ 請檢查 DNS、防火牆和代理")
    })
  )

  it.live("is that of every command's errors", () =>
    Effect.gen(function* () {
      const path = yield* directory
      writeFileSync(join(path, "empty.csv"), "transaction_id\n")
      writeFileSync(
        join(path, "bad.csv"),
        "transaction_id,merchant_biz_id,document,created_at\n,,,\nhksb1,_,Library card,2026-13-01 08:00:00\n"
      )
      const docs = yield* Effect.provide(Cli.helpDocs, NodeServices.layer)
      const commands = docs.map(({ usage }) => (/^effect-cloudauth((?: [a-z]+)*)/.exec(usage)?.[1] ?? "").trim())
      const known = slips(path)
      assert.sameMembers(Object.keys(known), commands)
      for (const command of commands) {
        for (const slip of [["--bogus"], ...(known[command] ?? [])]) {
          const args = [...command.split(" "), ...slip].filter((arg) => arg !== "")
          const ran = yield* runAlone([...args, "--lang", "zh-Hans"], {
            ...unreachable,
            ALIBABA_CLOUD_ECS_METADATA_DISABLED: "true"
          })
          assert.notStrictEqual(ran.code, 0, args.join(" "))
          const output = `${ran.stdout}\n${ran.stderr}`
          assert.match(output, /\p{Script=Han}/u, args.join(" "))
          assert.notMatch(output, english, args.join(" "))
        }
      }
    }).pipe(Effect.scoped)
  )

  it.live("is that of results: a summary of a collection, a log, a check", () =>
    Effect.gen(function* () {
      const path = yield* directory
      writeFileSync(join(path, "ids.txt"), "hksb-passed-global-passport\nhksb-unknown\n")
      const store = ["--store", join(path, "a.db"), "--images", "none", "--lang", "zh-Hans"]
      const collected = yield* runOn(["collect", join(path, "ids.txt"), ...store])
      assert.match(
        collected.stdout,
        /^已保存 1 个，用时 \d:\d\d（每秒 \d+ 个）：通过 1，不通过 0，无定论 0；计费认证 1 次$/m
      )
      assert.match(collected.stdout, /^ {2}结果库 +结果 1，未完成 0，失败 1$/m)
      const log = yield* runOn(["log", "hksb-pending", "--lang", "zh-Hans"])
      assert.match(
        log.stdout,
        /^用户中途停止，页面 OCR_SCAN\n {2}原因 +用户离开了。（1006）\n {2}建议 +请查看用户停在哪个页面/
      )
      const check = yield* runOn(["check", "hksb-passed-hong-kong-identity-card", "--lang", "zh-Hans"])
      for (const { stderr, stdout } of [collected, log, check]) assert.notMatch(`${stdout}\n${stderr}`, english)
    }).pipe(Effect.scoped, Effect.provide(Emulator.layer()))
  )

  it.live("has every text of help, and no translation whose English is gone", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* Effect.promise(faults), [])
      assert.deepStrictEqual(compare(new Set(["Old", "New"]), { Old: 1, Gone: 1 }), [
        "packages/cli/src/internal/language: not translated: New",
        "packages/cli/src/internal/language: stale: Gone"
      ])
    })
  )
})
