/** The generated pages have a place for everything that the code has; what checks the links sees broken ones. */
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import * as ExitCode from "@effect-cloudauth/cli/ExitCode"
import * as Settings from "@effect-cloudauth/cli/Settings"
import * as Advice from "@effect-cloudauth/core/Advice"
import * as CloudauthError from "@effect-cloudauth/core/CloudauthError"
import * as Document from "@effect-cloudauth/core/Document"
import * as ResponseCode from "@effect-cloudauth/core/ResponseCode"
import * as EmulatorCode from "@effect-cloudauth/emulator/ResponseCode"
import { assert, describe, it } from "@effect/vitest"
import { advices, sourceFiles, textOf } from "../scripts/declarations.ts"
import { commands } from "../scripts/commands.ts"
import { environment } from "../scripts/environment.ts"
import { errors } from "../scripts/errors.ts"
import { exitCodes } from "../scripts/exitCodes.ts"
import { fields } from "../scripts/fields.ts"
import { chinese, translations } from "../scripts/languages.ts"
import { brokenLinks } from "../scripts/links.ts"
import { printed } from "../scripts/printed.ts"
import { results } from "../scripts/results.ts"

const missing = (page: string, expected: ReadonlyArray<string>): ReadonlyArray<string> =>
  expected.filter((text) => !page.includes(text))

describe("the reference", () => {
  it("has every error with its codes, causes and cures", () => {
    const page = errors()
    assert.deepStrictEqual(
      missing(page, [
        ...CloudauthError.CloudauthError.members.map(({ identifier }) => `### ${identifier.split("/").at(-1)}\n`),
        ...Object.entries(ResponseCode.table).map(
          ([code, { advice, meaning, status }]) => `| \`${code}\` | ${status} | ${meaning} | ${advice} |`
        )
      ]),
      []
    )
  })

  it("has every sub code, reason and finding, with its texts and its standard outcome", () => {
    const page = results()
    const rows = [
      ...Object.values(Advice.table.subCodes),
      ...Object.values(Advice.table.reasons),
      ...Object.values(Advice.table.findings)
    ]
    assert.deepStrictEqual(
      missing(
        page,
        rows.flatMap(({ reviewer, user }) => [reviewer.en, ...Object.values(user)])
      ),
      []
    )
    assert.match(page, /^\| `Expired` \| critical \| .* \| `UseAnotherDocument` \| `review` \|$/m)
    assert.match(page, /^\| 211 \| .* \| `retake` \|$/m)
  })

  it("has the advice of every error in Chinese, and of no error that is gone", () => {
    const given = [
      ...[...advices.values()].flat(),
      ...Object.values(ResponseCode.table).map(({ advice }) => advice),
      ...ResponseCode.forms.map(({ facts }) => facts.advice),
      ...[300, 429, 500].flatMap((status) => ResponseCode.factsOfStatus(status)?.advice ?? []),
      ResponseCode.facts("Some.UnknownCode", 400).advice
    ]
    assert.isAbove(given.length, 50)
    assert.deepStrictEqual(
      given.filter((advice) => advice !== "" && !Advice.table.errors.has(advice)),
      []
    )
    const sources = sourceFiles.filter((file) => !file.includes("/internal/advice/")).map(textOf)
    const sentences = [...Advice.table.errors.keys()].flatMap((advice) => advice.split(/(?<=\.) (?=Sign in)/))
    assert.deepStrictEqual(
      sentences.filter((sentence) => !sources.some((text) => text.includes(sentence.replaceAll("\n", "\\n")))),
      []
    )
  })

  it.each(chinese)("has each text of its pages in %s, and translates none that is gone", async (language) => {
    const pages = [errors(language), results(language), await commands(language)]
    assert.deepStrictEqual(
      Object.values(translations)
        .map((texts) => texts[language])
        .filter((text) => !pages.some((page) => page.includes(text.split("{")[0] ?? ""))),
      []
    )
    // Each page has the tags, codes and rules of the English one, in its order.
    const codes = (page: string) => Array.from(page.matchAll(/^(?:### \w+|\| `[^|]+` \| \d+)/gm), ([row]) => row)
    assert.deepStrictEqual(pages.map(codes), [errors(), results(), await commands()].map(codes))
  })

  it("has every field of every document, and of the requests", () => {
    const page = fields()
    for (const name of Document.names) {
      const [, part = ""] = page.split(`\`Document.${name}\``)
      const [own = ""] = part.split("\n#")
      assert.deepStrictEqual(
        Array.from(own.matchAll(/^\| `(\w+)` \|/gm), ([, field]) => field),
        [...Document.fieldsOf(name)]
      )
      assert.include(own, "Source of every field")
    }
    assert.deepStrictEqual(missing(page, ["MerchantBizId", "TransactionId", "IsReturnImage", "CallbackToken"]), [])
  })

  it("has every variable and every exit code", async () => {
    const variables = Object.values(Settings.variables).map((name) => `| \`${name}\` |`)
    assert.deepStrictEqual(missing(await environment(), variables), [])
    const codes = ExitCode.names.map((name) => `| ${ExitCode.table[name].code} | \`${name}\` |`)
    assert.deepStrictEqual(missing(exitCodes(), codes), [])
  })
})

describe("what a reader copies", () => {
  const root = join(import.meta.dirname, "../..")
  const files = globSync(
    [
      "README.md",
      "docs/*.md",
      "docs/{how-to,explanation}/*.md",
      "packages/*/README.md",
      "packages/*/src/**/*.ts",
      "examples/**/*.{ts,mjs,cjs,md}",
      "scripts/consumers/**/*.{ts,js}"
    ],
    { cwd: root, exclude: (name) => name.endsWith("node_modules") }
  )

  it("never shows the reviewer's advice or reason without saying for whom it is", () => {
    assert.include(files, "examples/quickstart/main.ts")
    const shown = files.flatMap((file) =>
      readFileSync(join(root, file), "utf8")
        .split("\n")
        // In the sources only docstrings are copied.
        .filter((line) => !file.includes("/src/") || /^\s*\*/.test(line))
        .filter(
          (line) =>
            /\.advice\b|\breviewer\.(?:en|zh)|Inconclusive: \(\{ ?reason/.test(line) &&
            !/for the (reviewer|operator)|styleText/.test(line)
        )
        .map((line) => `${file}: ${line.trim()}`)
    )
    assert.deepStrictEqual(shown, [])
  })
})

describe("the decisions", () => {
  it("are right that the client's and the emulator's tables, which share no code, name the same codes", () => {
    assert.sameMembers(Object.keys(EmulatorCode.codes), Object.keys(ResponseCode.table))
  })
})

describe("the check of links", () => {
  it("sees pages, anchors and files that are not there, and what is loaded from elsewhere", () => {
    const folder = mkdtempSync(join(tmpdir(), "links-"))
    const write = (path: string, html: string) => {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), html)
    }
    for (let index = 0; index < 10; index++) write(`more/${index}.html`, `<a href="../index.html#top">up</a>`)
    write("index.html", `<h1 id="top">Top</h1><a href="/more/1.html">one</a><a href="https://effect.website">out</a>`)
    assert.deepStrictEqual(brokenLinks(folder), [])
    write(
      "index.html",
      `<a href="gone.html"></a><a href="more/1.html#gone"></a> <script src="https://cdn.example/x.js">`
    )
    const found = brokenLinks(folder)
    assert.lengthOf(found, 13)
    assert.includeMembers(found.slice(), [
      "index.html links to gone.html, which is not there",
      "index.html links to more/1.html#gone: no such place on that page",
      "index.html loads https://cdn.example/x.js",
      "more/0.html links to ../index.html#top: no such place on that page"
    ])
    rmSync(folder, { recursive: true })
  })
})

describe("what a program printed", () => {
  it("is compared without the log", () => {
    const log = "[11:53:59.454] WARN (#10): CheckResult failed {\n  'error.type': 'Throttled',\n}\n"
    assert.strictEqual(printed(`${log}one\n${log}two\n`), "one\ntwo")
  })
})
