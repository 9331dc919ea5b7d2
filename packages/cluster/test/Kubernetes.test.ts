import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { parse, parseAllDocuments } from "yaml"

interface Manifest {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: { readonly name: string }
}

interface Model {
  /** Throws where the manifest is not what the API's schema wants. */
  readonly validate: () => void
}

const root = join(import.meta.dirname, "..")

const manifests = readdirSync(join(root, "kubernetes")).flatMap((file) =>
  parseAllDocuments(readFileSync(join(root, "kubernetes", file), "utf8")).map((document): [string, Manifest] => {
    assert.isEmpty(document.errors)
    const manifest: Manifest = document.toJS()
    return [`${file}: ${manifest.kind} ${manifest.metadata.name}`, manifest]
  })
)

const validate = async (manifest: Manifest) => {
  const path = `kubernetes-models/${manifest.apiVersion}/${manifest.kind}`
  const { [manifest.kind]: Kind }: Record<string, new (data: Manifest) => Model> = await import(path)
  assert.isDefined(Kind)
  new Kind(manifest).validate()
}

/** Where a field that does not exist would have been left out in silence. */
const unknownFields = (manifest: object, path: ReadonlyArray<string>, field: string): object => {
  const copy = structuredClone(manifest)
  let at: Record<string, unknown> = copy as Record<string, unknown> // a manifest is a record
  for (const key of path) at = at[key] as Record<string, unknown>
  at[field] = "x"
  return copy
}

describe("Kubernetes manifests", () => {
  it("are there", () => assert.isAtLeast(manifests.length, 8))

  for (const [name, manifest] of manifests) {
    it(`${name} fits the API's schema`, () => validate(manifest))
  }

  it("the check can fail", async () => {
    const set = manifests.find(([, { kind }]) => kind === "StatefulSet")?.[1]
    assert.isDefined(set)
    if (set === undefined) return
    const wrong = [
      { ...set, spec: { ...set, replicas: "two" } },
      unknownFields(set, ["spec", "template", "spec"], "containers")
    ]
    for (const manifest of wrong) {
      let isRefused = false
      // any wrong manifest
      await validate(manifest as Manifest).catch(() => {
        isRefused = true
      })
      assert.isTrue(isRefused)
    }
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
