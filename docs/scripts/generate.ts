/** Writes the pages that are made of the code and of the repository's own Markdown. None of them is committed. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { page as changes } from "./changes.ts"
import { commands } from "./commands.ts"
import { environment } from "./environment.ts"
import { errors } from "./errors.ts"
import { exitCodes } from "./exitCodes.ts"
import { fields } from "./fields.ts"
import { chinese } from "./languages.ts"
import { pageFrom, pages } from "./readmes.ts"
import { results } from "./results.ts"

const docs = join(import.meta.dirname, "..")

for (const folder of ["packages", "reference", ...chinese.map((language) => `${language}/reference`)])
  rmSync(join(docs, folder), { recursive: true, force: true })

const write = (path: string, content: string): void => {
  const file = join(docs, path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, content)
}

write("reference/errors.md", errors())
write("reference/results.md", results())
write("reference/fields.md", fields())
write("reference/environment.md", await environment())
write("reference/exit-codes.md", exitCodes())
write("reference/commands.md", await commands())
write("reference/changes.md", changes())
for (const language of chinese) {
  write(`${language}/reference/errors.md`, errors(language))
  write(`${language}/reference/commands.md`, await commands(language))
  write(`${language}/reference/results.md`, results(language))
}
for (const [from, to] of Object.entries(pages)) write(to, pageFrom(from, to))
