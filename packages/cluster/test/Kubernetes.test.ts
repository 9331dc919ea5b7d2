import { spawnSync } from "node:child_process"
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { parse, parseAllDocuments } from "yaml"

interface Manifest {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: { readonly name: string }
  readonly spec?: object
}

interface Model {
  /** Throws if the manifest does not fit the API's schema. */
  readonly validate: () => void
}

const root = join(import.meta.dirname, "..")
/** Where the API's models are: `pnpm run tools` installs them. */
const tools = join(root, "../../tools")

const manifests = readdirSync(join(root, "kubernetes")).flatMap((file) =>
  parseAllDocuments(readFileSync(join(root, "kubernetes", file), "utf8")).map((document): [string, Manifest] => {
    assert.isEmpty(document.errors)
    const manifest: Manifest = document.toJS()
    return [`${file}: ${manifest.kind} ${manifest.metadata.name}`, manifest]
  })
)

const validate = async (manifest: Manifest) => {
  const path = join(tools, "node_modules/kubernetes-models", manifest.apiVersion, `${manifest.kind}.js`)
  const { [manifest.kind]: Kind }: Record<string, new (data: Manifest) => Model> = await import(path)
  assert.isDefined(Kind)
  new Kind(manifest).validate()
}

/**
 * What TypeScript finds wrong with manifests as literals of the API's types: the schemas let fields pass that do not
 * exist, and so a misspelt one would be left out in silence.
 */
const unknownFields = (all: ReadonlyArray<Manifest>): string => {
  const folder = mkdtempSync(join(tools, "node_modules/.kubernetes-"))
  try {
    const file = join(folder, "manifests.ts")
    const lines = all.flatMap(({ apiVersion, kind, ...rest }, index) => [
      `import type { I${kind} as Kind${index} } from "kubernetes-models/${apiVersion}/${kind}"`,
      `export const manifest${index}: Kind${index} = ${JSON.stringify({ apiVersion, kind, ...rest })}`
    ])
    writeFileSync(file, lines.join("\n"))
    const { stdout } = spawnSync(
      join(root, "../../node_modules/.bin/tsc"),
      ["--ignoreConfig", "--noEmit", "--strict", "--skipLibCheck", "--module", "nodenext", "--target", "esnext", file],
      { encoding: "utf8" }
    )
    return stdout
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

describe("Kubernetes manifests", () => {
  it("are there", () => assert.isAtLeast(manifests.length, 8))

  for (const [name, manifest] of manifests) {
    it(`${name} fits the API's schema`, () => validate(manifest))
  }

  it("have no field that the API does not know", () => {
    assert.strictEqual(unknownFields(manifests.map(([, manifest]) => manifest)), "")
  })

  it("the checks can fail", async () => {
    const [, set] = manifests.find(([, { kind }]) => kind === "StatefulSet") ?? []
    if (set === undefined) return assert.fail("there is no StatefulSet")
    const { spec } = set
    const refusal = await validate({ ...set, spec: { ...spec, replicas: "two" } }).catch(String)
    assert.match(String(refusal), /replicas/)
    assert.match(unknownFields([{ ...set, spec: { ...spec, replica: 2 } }]), /'"replica"' does not exist/)
  })

  it("set only what the runner reads", () => {
    const sources = ["src/Runner.ts", "../cli/src/Settings.ts", "../cli/src/Stores.ts", "../core/src/Credentials.ts"]
      .map((file) => readFileSync(join(root, file), "utf8"))
      .join("\n")
    for (const [, manifest] of manifests) {
      const { data, stringData } = manifest as { data?: Record<string, string>; stringData?: Record<string, string> }
      for (const name of Object.keys({ ...data, ...stringData })) assert.include(sources, name)
    }
  })
})

describe("compose.yaml", () => {
  it("has both servers, on the loopback alone", () => {
    const { services } = parse(readFileSync(join(root, "compose.yaml"), "utf8"))
    assert.deepStrictEqual(Object.keys(services), ["postgres", "redis"])
    for (const { ports } of Object.values<{ ports: ReadonlyArray<string> }>(services)) {
      for (const port of ports) assert.match(port, /^127\.0\.0\.1:/)
    }
  })
})
