/** Tracers of the process that the client can't keep away from its requests. */
import { afterEach, assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import * as CallbackHandler from "../src/CallbackHandler.ts"
import * as Canned from "../src/Canned.ts"
import { Cloudauth } from "../src/Cloudauth.ts"
import { Credentials } from "../src/Credentials.ts"
import { TransactionStore } from "../src/TransactionStore.ts"
import * as Transport from "../src/Transport.ts"
import { key } from "./fixtures/server.ts"

const warningsOf = <E>(start: Effect.Effect<unknown, E, Scope.Scope>) =>
  Effect.gen(function* () {
    const lines: Array<string> = []
    yield* Effect.scoped(start).pipe(
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

const warnings = warningsOf(Layer.build(client))

/** Of a route for callbacks, beside a client that warns of nothing. */
const routeWarnings = warningsOf(
  CallbackHandler.make({
    callbackToken: Redacted.make("b7e23ec29af22b0b4e41da31e868d572"),
    onResult: () => Effect.void
  }).pipe(Effect.provide([Cloudauth.layerTest(() => Canned.passed()), TransactionStore.layerMemory]))
)

/** Sentry 11 as it shows in a process: `isDefaultInstance` is set on integrations that `init` itself adds. */
const sentry = (
  integrations: Record<string, { readonly isDefaultInstance?: true }>,
  urlQueryParams: boolean | { readonly deny: ReadonlyArray<string> } = true
) => ({
  version: "11.12.0",
  "11.12.0": {
    defaultCurrentScope: {
      getClient: () => ({
        getIntegrationByName: (name: string) => integrations[name],
        getDataCollectionOptions: () => ({ urlQueryParams })
      })
    }
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

  it("lets a client be built at once", () => {
    present("__SENTRY__", sentry({ NodeFetch: { isDefaultInstance: true } }))
    Effect.runSync(Effect.scoped(Layer.build(client)).pipe(Effect.provide(Logger.layer([]))))
  })

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

describe("a warning when the callback's route is built", () => {
  it.effect("says what to tell Sentry, until it hides the transaction id", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* routeWarnings, [])
      for (const shown of [true, { deny: ["orderId"] }]) {
        present("__SENTRY__", sentry({}, shown))
        const [line, ...others] = yield* routeWarnings
        assert.include(
          line,
          "Sentry records the transaction id in the query of callbacks. In Sentry.init: dataCollection"
        )
        assert.isEmpty(others)
      }
      for (const hidden of [false, { deny: ["transactionId"] }]) {
        present("__SENTRY__", sentry({}, hidden))
        assert.deepStrictEqual(yield* routeWarnings, [])
      }
    })
  )

  it.effect("says what to tell dd-trace, until it hides the query", () =>
    Effect.gen(function* () {
      for (const http of [undefined, { server: { queryStringObfuscation: "token=[^&]*" } }]) {
        present("_ddtrace", datadog(true, { http }))
        assert.include((yield* routeWarnings)[0], "dd-trace records the transaction id in the query of callbacks.")
      }
      present("_ddtrace", datadog(true, { http: { server: { queryStringObfuscation: true } } }))
      assert.deepStrictEqual(yield* routeWarnings, [])
    })
  )
})
