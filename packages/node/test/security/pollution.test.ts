/** A prototype that somebody else's code has polluted must not weaken the client. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as settings from "../../src/internal/settings.ts"

const everyObject: object = Object.prototype

/** Runs with properties on every object's prototype. */
const polluted = <A>(properties: Readonly<Record<string, unknown>>, run: () => A): A => {
  for (const [name, value] of Object.entries(properties)) {
    Object.defineProperty(everyObject, name, { value, configurable: true, enumerable: false, writable: true })
  }
  try {
    return run()
  } finally {
    for (const name of Object.keys(properties)) Reflect.deleteProperty(everyObject, name)
  }
}

describe("a polluted prototype", () => {
  it.each([{}, { servername: "cloudauth.example" }])("turns no check of certificates off: tls %j", (tls) => {
    const { agent } = polluted({ dangerouslyAcceptAnyCertificate: true, rejectUnauthorized: false }, () =>
      Effect.runSync(settings.undici({ proxy: "none", tls }))
    )
    assert.strictEqual((agent.connect as settings.TlsSettings).rejectUnauthorized, true) // what settings.undici gives
  })

  it("adds no authority and no certificate", () => {
    const { agent } = polluted({ ca: "evil", cert: "evil", key: "evil", passphrase: "evil", servername: "evil" }, () =>
      Effect.runSync(settings.undici({ proxy: "none", tls: {} }))
    )
    assert.notInclude(JSON.stringify(agent), "evil")
  })
})
