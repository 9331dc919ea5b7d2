/** The spans of a call among those of the program. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as References from "effect/References"
import * as Tracer from "effect/Tracer"
import { inspect } from "node:util"
import * as Canned from "../src/Canned.ts"
import { Cloudauth } from "../src/Cloudauth.ts"
import { Credentials } from "../src/Credentials.ts"
import * as Telemetry from "../src/Telemetry.ts"
import * as Transport from "../src/Transport.ts"
import { key } from "./fixtures/server.ts"
import { recordingTracer } from "./fixtures/tracing.ts"

const check = Cloudauth.checkResult({ merchantBizId: "order4711", transactionId: "hksb4711transaction" })

/** A client over a transport. */
const over = (send: Transport.Send) =>
  Cloudauth.layerTransport({ quota: "none" }).pipe(
    Layer.provide([Layer.succeed(Transport.Transport, { send }), Credentials.layerStatic(key)])
  )

const passing = over(() => Canned.passed())

/** What a transport sees as the current span, of each attempt. */
const seeing = (seen: Array<Tracer.AnySpan | undefined>) =>
  over(() =>
    Effect.withFiber((fiber) => {
      seen.push(fiber.cache.span)
      return Canned.passed()
    })
  )

describe("the spans of a call", () => {
  it.effect("take parent, annotations and links from their surroundings, as Effect's own spans do", () =>
    Effect.gen(function* () {
      const { spans, tracer } = recordingTracer()
      const parent = Tracer.externalSpan({ traceId: "a".repeat(32), spanId: "b".repeat(16), sampled: true })
      const links = [{ span: parent, attributes: { why: "caused by" } }]
      yield* check.pipe(
        Effect.andThen(Effect.void.pipe(Effect.withSpan("Effect's own"))),
        Effect.provide(passing),
        Effect.provideService(References.TracerSpanAnnotations, { team: "onboarding" }),
        Effect.provideService(References.TracerSpanLinks, links),
        Effect.withParentSpan(parent),
        Effect.provideService(Tracer.Tracer, tracer)
      )
      assert.deepStrictEqual(
        spans.map(({ name, parent }) => [name, Option.getOrUndefined(parent)]),
        [
          ["Cloudauth.checkResult", parent],
          ["Cloudauth.attempt", spans[0]],
          ["Effect's own", parent]
        ]
      )
      for (const { attributes, links: of, traceId } of spans) {
        assert.deepStrictEqual([attributes.get("team"), of, traceId], ["onboarding", links, parent.traceId])
      }
    })
  )

  it.effect("have no attributes if their parent is not sampled", () =>
    Effect.gen(function* () {
      const { spans, tracer } = recordingTracer()
      const parent = Tracer.externalSpan({ traceId: "a".repeat(32), spanId: "b".repeat(16), sampled: false })
      yield* check.pipe(
        Effect.provide(passing),
        Effect.withParentSpan(parent),
        Effect.provideService(Tracer.Tracer, tracer)
      )
      assert.deepStrictEqual(
        spans.map(({ attributes, events, sampled }) => [sampled, attributes.size, events.length]),
        [
          [false, 0, 0],
          [false, 0, 0]
        ]
      )
    })
  )

  it.effect("are the current ones while they are open, and not after", () =>
    Effect.gen(function* () {
      const { named, tracer } = recordingTracer()
      const seen: Array<Tracer.AnySpan | undefined> = []
      const after = yield* check.pipe(
        Effect.andThen(Effect.option(Effect.currentSpan)),
        Effect.provide(seeing(seen)),
        Effect.provideService(Tracer.Tracer, tracer)
      )
      assert.deepStrictEqual(seen, named("Cloudauth.attempt"))
      assert.deepStrictEqual(after, Option.none())
    })
  )

  it.effect("are not made if no tracer could show them, or tracing is off", () =>
    Effect.gen(function* () {
      const { spans, tracer } = recordingTracer()
      const seen: Array<Tracer.AnySpan | undefined> = []
      assert.strictEqual(yield* Tracer.Tracer, Tracer.nativeTracer)
      yield* check.pipe(Effect.provide(seeing(seen)))
      yield* check.pipe(
        Effect.provide(seeing(seen)),
        Effect.provideService(Tracer.Tracer, tracer),
        Effect.provideService(References.TracerEnabled, false)
      )
      assert.deepStrictEqual(seen, [undefined, undefined])
      assert.deepStrictEqual(spans, [])
    })
  )

  it.effect("have the version of HTTP if the transport knows it", () =>
    Effect.gen(function* () {
      const versionOf = (protocolVersion: string | undefined) =>
        Effect.gen(function* () {
          const { named, tracer } = recordingTracer()
          const client = over(() => Effect.map(Canned.passed(), (response) => ({ ...response, protocolVersion })))
          yield* check.pipe(Effect.provide(client), Effect.provideService(Tracer.Tracer, tracer))
          return named("Cloudauth.attempt")[0]?.attributes.get("network.protocol.version")
        })
      assert.isUndefined(yield* versionOf(undefined))
      assert.strictEqual(yield* versionOf("1.1"), "1.1")
    })
  )
})

describe("a span that fails", () => {
  it.effect("to be made loses no answer", () =>
    Effect.gen(function* () {
      const tracer = Tracer.make({
        span: () => {
          throw new Error("no spans today")
        }
      })
      const { verdict } = yield* check.pipe(Effect.provide(passing), Effect.provideService(Tracer.Tracer, tracer))
      assert.strictEqual(verdict._tag, "Passed")
    })
  )

  class Unwilling extends Tracer.NativeSpan {
    readonly #refused: string
    constructor(options: ConstructorParameters<typeof Tracer.NativeSpan>[0], refused: string) {
      super(options)
      this.#refused = refused
    }
    override attribute(key: string, value: unknown): void {
      if (key === this.#refused) throw new RangeError("secret words")
      super.attribute(key, value)
    }
  }

  it.effect.each(["rpc.method", "url.full", "cloudauth.verdict", "http.response.status_code"])(
    "to take the attribute %s ends, loses no answer, and shows nothing of what was thrown",
    (refused) =>
      Effect.gen(function* () {
        const spans: Array<Tracer.NativeSpan> = []
        const tracer = Tracer.make({
          span: (options) => {
            const span = new Unwilling(options, refused)
            spans.push(span)
            return span
          }
        })
        const { verdict } = yield* check.pipe(Effect.provide(passing), Effect.provideService(Tracer.Tracer, tracer))
        assert.strictEqual(verdict._tag, "Passed")
        for (const { status } of spans) {
          assert.strictEqual(status._tag, "Ended")
          assert.notInclude(inspect(status, { depth: 10 }), "secret")
        }
      })
  )

  it.effect("to transform an id loses no answer, and shows nothing of what was thrown", () =>
    Effect.gen(function* () {
      const { spans, tracer } = recordingTracer()
      const transform = () => {
        throw new RangeError("secret words")
      }
      const { verdict } = yield* check.pipe(
        Effect.provide(passing),
        Effect.provideService(Telemetry.SpanIds, { transform }),
        Effect.provideService(Tracer.Tracer, tracer)
      )
      assert.strictEqual(verdict._tag, "Passed")
      assert.notInclude(inspect(spans, { depth: 10 }), "secret")
    })
  )
})

describe("the requests of a credential's source", () => {
  it.effect("are in no span, whichever requests the program hides", () =>
    Effect.gen(function* () {
      let isHidden = false
      const load = Effect.map(HttpClient.TracerDisabledWhen, (isDisabled) => {
        isHidden = isDisabled({} as never) // whatever the request
        return key
      })
      // Around the layer, so that it is in the context that the layer keeps.
      const credentials = Credentials.layerRefreshing({ load }).pipe(
        Layer.provide(Layer.succeed(HttpClient.TracerDisabledWhen, () => false))
      )
      yield* Effect.provide(
        Effect.flatMap(Credentials, ({ get }) => get),
        credentials
      )
      assert.isTrue(isHidden)
    })
  )
})
