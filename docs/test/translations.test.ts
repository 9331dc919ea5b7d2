/** The check of translations: what it sees. */
import { execFile } from "node:child_process"
import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { promisify } from "node:util"
import { afterEach, assert, beforeEach, describe, it } from "@effect/vitest"

const root = join(import.meta.dirname, "../..")
const script = "scripts/checkTranslations.ts"
let copy = ""

beforeEach(() => {
  copy = mkdtempSync(join(tmpdir(), "translations-"))
  symlinkSync(join(root, "packages"), join(copy, "packages"))
  for (const file of [script, ...globSync(["README*.md", "docs/*.md", "docs/zh-*/*.md"], { cwd: root })]) {
    mkdirSync(dirname(join(copy, file)), { recursive: true })
    cpSync(join(root, file), join(copy, file))
  }
})
afterEach(() => rmSync(copy, { recursive: true }))

const change = (file: string, from: string, to: string): void => {
  const text = readFileSync(join(copy, file), "utf8")
  assert.include(text, from)
  writeFileSync(
    join(copy, file),
    text.replace(from, () => to)
  )
}

const check = (...options: ReadonlyArray<string>): Promise<string> =>
  promisify(execFile)(process.execPath, [join(copy, script), ...options]).then(
    () => "",
    (error: { readonly stderr: string }) => error.stderr
  )

describe("the check of translations", () => {
  it("names the section whose English changed, until a translator accepts it", async () => {
    change("README.md", "All you need is", "You need")
    const found = await check()
    assert.include(found, "README.zh-Hans.md: stale: ## See it run\nREADME.zh-Hant.md: stale: ## See it run\n")
    assert.notInclude(found, "## Install")
    assert.strictEqual(await check("--accept"), "")
    assert.strictEqual(await check(), "")
  })

  it("refuses code that differs from the English, a section that is left out, and a page that is not there", async () => {
    change("README.zh-Hans.md", 'merchantBizId: "order1"', 'merchantBizId: "order2"')
    change("README.zh-Hant.md", "\n## 安裝\n", "\n")
    const found = await check("--accept")
    assert.include(found, "README.zh-Hans.md: block 3 of code differs from README.md")
    assert.include(found, "README.zh-Hant.md: has other headings than README.md")
    rmSync(join(copy, "README.zh-Hant.md"))
    assert.include(await check(), "README.zh-Hant.md: README.md is not translated")
  })
})
