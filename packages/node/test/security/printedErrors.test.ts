/** What an error that was printed leaves in memory: nothing of the person, the ids or the keys can be reached from it in a heap dump. */
import { execFile } from "node:child_process"
import { fileURLToPath } from "node:url"
import { assert, it } from "@effect/vitest"

interface Findings {
  readonly tags: ReadonlyArray<string>
  readonly instances: number
  readonly reachedStrings: ReadonlyArray<number>
  readonly snapshotHasSecrets: boolean
  readonly printed: ReadonlyArray<string>
  readonly reachable: ReadonlyArray<string>
  readonly reachableByRevealing: ReadonlyArray<string>
  readonly secret: string
}

it("errors of every kind, over a real connection, in a heap snapshot", async () => {
  const file = fileURLToPath(new URL("support/printedErrors.ts", import.meta.url))
  const output = await new Promise<string>((resolve, reject) =>
    execFile(process.execPath, [file], { maxBuffer: 1e8 }, (error, stdout, stderr) =>
      error === null ? resolve(stdout) : reject(new Error(stderr))
    )
  )
  const findings = JSON.parse(output) as Findings // what the script prints
  assert.deepStrictEqual(findings.tags, [
    "TransportError",
    "Throttled",
    "DecodeError",
    "UnknownResponseCode",
    "CallTimeout"
  ])
  // The search works: it found the errors and their strings, and the snapshot holds the secret elsewhere.
  assert.strictEqual(findings.instances, 5)
  for (const count of findings.reachedStrings) assert.isAbove(count, 5)
  assert.isTrue(findings.snapshotHasSecrets)

  assert.deepStrictEqual(findings.printed, [])
  assert.deepStrictEqual(findings.reachable, [])
  // `Redacted.value` shows the transport's own error or the answer, as documented; the access key's secret is in neither.
  assert.isTrue(findings.reachableByRevealing.length > 0)
  assert.isFalse(findings.reachableByRevealing.some((string) => string.includes(findings.secret)))
})
