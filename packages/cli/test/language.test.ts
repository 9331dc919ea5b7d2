/** Help and advice in Chinese. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { compare, faults } from "../scripts/untranslated.ts"
import * as Language from "../src/Language.ts"
import { run, runAlone } from "./support.ts"

const unreachable = {
  CLOUDAUTH_ENDPOINT: "http://127.0.0.1:1",
  ALIBABA_CLOUD_ACCESS_KEY_ID: "emulator-access-key-id",
  ALIBABA_CLOUD_ACCESS_KEY_SECRET: "emulator-access-key-secret"
}

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
      assert.match(text.stderr, /^錯誤\n {2}TransportError: the connection failed: ECONNREFUSED/m)
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
