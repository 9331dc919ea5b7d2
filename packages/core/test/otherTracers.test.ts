/** Tracers of the process that the client can't keep away from its requests. */
import { afterEach, assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import { Cloudauth } from "../src/Cloudauth.ts"
import { Credentials } from "../src/Credentials.ts"
import * as Transport from "../src/Transport.ts"
import { key } from "./fixtures/server.ts"

const warnings = Effect.gen(function* () {
  const lines: Array<string> = []
  yield* Effect.scoped(Layer.build(client)).pipe(
    Effect.provide(Logger.layer([Logger.make(({ message }) => void lines.push(String(message)))]))
  )
  return lines
})

const client = Cloudauth.layerTransport({ region: "cn-hongkong", quota: "none" }).pipe(
  Layer.provide([
    Credentials.layerStatic(key),
    Layer.succeed(Transport.Transport, { send: () => Effect.die("nothing is sent") })
  ])
)

/** Sentry 11 as it shows in a process: `isDefaultInstance` is set on integrations that `init` itself adds. */
const sentry = (integrations: Record<string, { readonly isDefaultInstance?: true }>) => ({
  version: "11.12.0",
  "11.12.0": {
    defaultCurrentScope: { getClient: () => ({ getIntegrationByName: (name: string) => integrations[name] }) }
  }
})

/** dd-trace 6 as it shows in a process. */
const datadog = (_initialized: boolean, _configsByName: Record<string, unknown>) => ({
  _initialized,
  _pluginManager: { _configsByName }
})

const blocked = { enabled: true, blocklist: [/aliyuncs/], propagationBlocklist: [/aliyuncs/] }

const present = (name: string, value: unknown) => Object.assign(globalThis, { [name]: value })

afterEach(() => {
  Reflect.deleteProperty(globalThis, "__SENTRY__")
  Reflect.deleteProperty(globalThis, "_ddtrace")
})

describe("a warning when the client is built", () => {
  it.effect("is not written if no such tracer is there", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* warnings, [])
    })
  )

  it.effect("says what to tell Sentry, until its integrations are given", () =>
    Effect.gen(function* () {
      present("__SENTRY__", sentry({ NodeFetch: { isDefaultInstance: true }, Http: {} }))
      const [line, ...others] = yield* warnings
      assert.include(line, "Sentry records the client's requests")
      assert.include(line, 'url.includes("cloudauth-intl.cn-hongkong.aliyuncs.com")')
      assert.isEmpty(others)
      present("__SENTRY__", sentry({ NodeFetch: {}, Http: {} }))
      assert.deepStrictEqual(yield* warnings, [])
    })
  )

  it.effect("says what to tell dd-trace, until both of its plugins have a block list", () =>
    Effect.gen(function* () {
      present("_ddtrace", datadog(true, { undici: blocked }))
      assert.include((yield* warnings)[0], "tracer.use(plugin, { blocklist:")
      present("_ddtrace", datadog(true, { undici: blocked, fetch: { enabled: false } }))
      assert.deepStrictEqual(yield* warnings, [])
      present("_ddtrace", datadog(false, {}))
      assert.deepStrictEqual(yield* warnings, [])
    })
  )

  it.effect("never keeps a client from being built, whatever those names hold", () =>
    Effect.gen(function* () {
      present("__SENTRY__", {
        version: "12",
        12: {
          defaultCurrentScope: {
            getClient: () => {
              throw new Error("boom")
            }
          }
        }
      })
      present("_ddtrace", 5)
      assert.deepStrictEqual(yield* warnings, [])
    })
  )
})
