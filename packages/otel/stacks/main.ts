/**
 * Runs the matrix of stacks: each tool from its lockfile, the packages from their tarballs, the vendor and the tool's
 * service on the loopback. Fails if an assertion does not hold, or if the page in the docs says something else. Needs what
 * `pnpm build` has built.
 *
 *     node packages/otel/stacks/main.ts            all, and compares the page
 *     node packages/otel/stacks/main.ts --write    all, and writes the page
 *     node packages/otel/stacks/main.ts sentry     one
 */
import { rmSync } from "node:fs"
import { availableParallelism } from "node:os"
import { join } from "node:path"
import { assertions, type Outcome, privacy } from "./assertions.ts"
import * as Certificates from "./certificates.ts"
import * as installs from "./installs.ts"
import * as page from "./page.ts"
import * as Project from "./project.ts"
import { run, type Run } from "./run.ts"
import { type Stack, stacks } from "./stacks.ts"

const isWriting = process.argv.includes("--write")
const only = process.argv.slice(2).filter((argument) => !argument.startsWith("--"))
const chosen = stacks.filter(({ name }) => only.length === 0 || only.includes(name))

const problems: Array<string> = []
const outcomes = new Map<string, ReadonlyArray<Outcome>>()

const outcomesOf = ({ recording }: Pick<Run, "recording">): ReadonlyArray<Outcome> => {
  const recorded = recording()
  return assertions.map(([, holds]) => holds(recorded))
}

/** The assertions whose outcome is not as the stack's exceptions say. */
const surprising = (stack: Stack, found: ReadonlyArray<Outcome>): ReadonlyArray<string> =>
  assertions.flatMap(([title], index) => (found[index] === (stack.exceptions[title] !== undefined) ? [title] : []))

const surprises = (stack: Stack, found: ReadonlyArray<Outcome>): ReadonlyArray<string> =>
  surprising(stack, found).map((title) =>
    stack.exceptions[title] === undefined ? `does not hold: ${title}` : `holds now, without exception: ${title}`
  )

const check = async (stack: Stack, folder: string, certificates: Certificates.Certificates): Promise<void> => {
  const began = performance.now()
  const result = await run(stack, folder, certificates, {
    ...stack,
    isEnough: (run) => surprising(stack, outcomesOf(run)).every((title) => stack.atEnd?.includes(title))
  })
  const found = outcomesOf(result)
  outcomes.set(stack.name, found)
  const wrong = surprises(stack, found)
  if (wrong.length > 0) problems.push(...wrong.map((line) => `${stack.name}: ${line}`), result.printed)
  console.log(
    `${stack.name}: ${wrong.length === 0 ? "as expected" : "WRONG"} (${Math.round(performance.now() - began)} ms)`
  )
}

/** The callback is the last that the application is sent: what came before it has been recorded. */
const hasCallback = ({ recording }: Run): boolean =>
  recording().spans.some(({ text }) => text.includes("/cloudauth/callback"))

/**
 * Without the lines that a reader can forget, the client must warn, the assertions must see what breaks, and nothing else of
 * what is private may break.
 */
const checkForgotten = async (stack: Stack, folder: string, certificates: Certificates.Certificates): Promise<void> => {
  if (stack.forgotten === undefined) return
  const { breaks, environment = {}, start, warnings } = stack.forgotten
  const watched = assertions.filter(([title]) => breaks.includes(title) || privacy.includes(title))
  const wrong = ({ printed, recording }: Run): ReadonlyArray<string> => [
    ...watched.flatMap(([title, holds]) =>
      holds(recording()) === breaks.includes(title)
        ? [`${breaks.includes(title) ? "holds" : "does not hold"}: ${title}`]
        : []
    ),
    ...warnings.flatMap((warning) => (warning.test(printed) ? [] : [`no ${warning} in: ${printed}`]))
  ]
  const result = await run(stack, folder, certificates, {
    environment: { ...stack.environment, ...environment },
    start,
    isEnough: (run) => wrong(run).length === 0 && (start.length === 0 || hasCallback(run))
  })
  problems.push(...wrong(result).map((line) => `${stack.name}, forgotten: ${line}`))
}

const checkInstall = async (project: Project.Project, tool: (typeof installs.tools)[number]): Promise<void> => {
  const objection = await installs.objection(project, tool)
  const isRefused = tool === installs.refused
  if (isRefused !== (objection !== undefined && objection.includes("ERESOLVE"))) {
    problems.push(`${tool.name}@${tool.version}: npm ${isRefused ? "installs it" : `says ${objection}`}`)
  }
}

const began = performance.now()
const project = Project.make(chosen.map(({ name }) => name))
try {
  console.log(`${chosen.length} stacks installed (${Math.round(performance.now() - began)} ms)`)
  const certificates = Certificates.make(project.folder)
  const queue = chosen.flatMap((stack) => {
    const folder = join(project.folder, stack.name)
    return [() => check(stack, folder, certificates), () => checkForgotten(stack, folder, certificates)]
  })
  if (only.length === 0) {
    queue.push(...[...installs.tools, installs.refused].map((tool) => () => checkInstall(project, tool)))
  }
  const worker = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) await next()
  }
  await Promise.all(Array.from({ length: availableParallelism() }, worker))
  if (only.length === 0) {
    const stale = page.update(
      { installs: page.installs, matrix: page.table(stacks, outcomes), recipes: page.recipes(stacks) },
      isWriting
    )
    problems.push(...stale.map((part) => `docs/how-to/stacks.md: ${part} is stale: pnpm run stacks --write`))
  }
} finally {
  rmSync(project.folder, { recursive: true, force: true })
}
for (const problem of problems) console.error(problem)
process.exitCode = problems.length === 0 ? 0 : 1
