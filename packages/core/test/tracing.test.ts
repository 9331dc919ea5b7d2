/** A call's spans are what Effect's own `useSpan` would make of the same surroundings. */
import { describe, expect, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as LogLevel from "effect/LogLevel"
import * as Option from "effect/Option"
import * as References from "effect/References"
import * as Tracer from "effect/Tracer"
import * as fc from "fast-check"
import { SpanName } from "../src/Telemetry.ts"
import * as Tracing from "../src/internal/tracing.ts"

/** What a tracer was given, and the span that it made. */
interface Made {
  readonly options: Parameters<Tracer.Tracer["span"]>[0]
  readonly span: Tracer.Span
}

const recording = () => {
  const made: Array<Made> = []
  const tracer = Tracer.make({
    span: (options) => {
      const span = new Tracer.NativeSpan(options)
      made.push({ options, span })
      return span
    }
  })
  return { tracer, made }
}

const parents = {
  none: undefined,
  sampled: Tracer.externalSpan({ traceId: "a".repeat(32), spanId: "b".repeat(16), sampled: true }),
  unsampled: Tracer.externalSpan({ traceId: "c".repeat(32), spanId: "d".repeat(16), sampled: false }),
  passedOver: Tracer.externalSpan({
    traceId: "e".repeat(32),
    spanId: "f".repeat(16),
    annotations: Context.make(Tracer.DisablePropagation, true)
  }),
  passedOverBelowAnother: new Tracer.NativeSpan({
    name: "quiet",
    parent: Option.some(Tracer.externalSpan({ traceId: "1".repeat(32), spanId: "2".repeat(16) })),
    annotations: Context.make(Tracer.DisablePropagation, true),
    links: [],
    startTime: 0n,
    kind: "internal",
    sampled: true
  })
} satisfies Record<string, Tracer.AnySpan | undefined>

const link: Tracer.SpanLink = { span: parents.sampled, attributes: { why: "caused by" } }

const levels: ReadonlyArray<LogLevel.LogLevel> = ["All", "Debug", "Info", "Error", "None"]

const surroundings = fc.record({
  parent: fc.constantFrom(...Object.values(parents)),
  isEnabled: fc.boolean(),
  isTimed: fc.boolean(),
  annotations: fc.constantFrom({}, { team: "onboarding", shard: 7 }),
  links: fc.constantFrom([], [link]),
  minimumLevel: fc.constantFrom(...levels),
  level: fc.constantFrom("Info" as const, "Error" as const)
})

type Surroundings = typeof surroundings extends fc.Arbitrary<infer A> ? A : never

const clock: Clock.Clock = {
  ...Context.get(Context.empty(), Clock.Clock),
  currentTimeMillisUnsafe: () => 1_700_000_000_000,
  currentTimeNanosUnsafe: () => 1_700_000_000_000_000_123n
}

const inside =
  ({ annotations, isEnabled, isTimed, level, links, minimumLevel, parent }: Surroundings, tracer: Tracer.Tracer) =>
  <A, E>(effect: Effect.Effect<A, E>) => {
    const around = effect.pipe(
      Effect.provideService(Clock.Clock, clock),
      Effect.provideService(Tracer.Tracer, tracer),
      Effect.provideService(References.TracerEnabled, isEnabled),
      Effect.provideService(References.TracerTimingEnabled, isTimed),
      Effect.provideService(References.TracerSpanAnnotations, annotations),
      Effect.provideService(References.TracerSpanLinks, links),
      Effect.provideService(Tracer.MinimumTraceLevel, minimumLevel),
      Effect.provideService(Tracer.CurrentTraceLevel, level)
    )
    return parent === undefined ? around : Effect.provideService(around, Tracer.ParentSpan, parent)
  }

/** Runs `use` in a span of ours, where one is made. */
const spanned = <A>(
  use: (span: Tracer.Span) => Effect.Effect<A>,
  end: (exit: Exit.Exit<A>) => Exit.Exit<A> = (exit) => exit
) =>
  Effect.withFiber((fiber): Effect.Effect<A | undefined> => {
    const tracing = Tracing.of(fiber)
    return tracing === undefined
      ? Effect.undefined
      : Tracing.within(tracing, SpanName.checkResult, "client", use, (_, exit) => end(exit))
  })

const ours = spanned((span) => Effect.succeed(span))

const effects = Effect.useSpan(SpanName.checkResult, { kind: "client" }, (span) => Effect.succeed(span))

const shown = ({ options, span }: Made) => ({
  ...options,
  attributes: Object.fromEntries(span.attributes),
  times: span.status._tag === "Ended" ? [span.status.startTime, span.status.endTime] : "open"
})

describe("a span", () => {
  it.effect("is made as Effect's own, wherever it is", () =>
    Effect.promise(() =>
      fc.assert(
        fc.asyncProperty(surroundings, async (around) => {
          const [mine, theirs] = [recording(), recording()]
          await Effect.runPromise(inside(around, mine.tracer)(ours))
          await Effect.runPromise(inside(around, theirs.tracer)(effects))
          expect(mine.made.map(shown)).toEqual(theirs.made.map(shown))
          expect(mine.made).toHaveLength(around.isEnabled ? 1 : 0)
        })
      )
    )
  )

  it.effect("has a list of links of its own", () =>
    Effect.gen(function* () {
      const links = [link]
      const { made, tracer } = recording()
      yield* ours.pipe(
        Effect.provideService(Tracer.Tracer, tracer),
        Effect.provideService(References.TracerSpanLinks, links)
      )
      made[0]?.span.addLinks([link])
      expect(links).toHaveLength(1)
    })
  )

  it.effect("is the current one while it is open, and not after", () =>
    Effect.gen(function* () {
      const { made, tracer } = recording()
      const { after, within } = yield* Effect.gen(function* () {
        const within = yield* spanned(() => Effect.orDie(Effect.currentSpan))
        return { within, after: yield* Effect.option(Effect.currentSpan) }
      }).pipe(Effect.provideService(Tracer.Tracer, tracer))
      expect(within).toBe(made[0]?.span)
      expect(after).toEqual(Option.none())
    })
  )

  it.effect("is made by nobody where the tracer is Effect's native one", () =>
    Effect.gen(function* () {
      const found = yield* Effect.withFiber((fiber) => Effect.succeed(Tracing.of(fiber))).pipe(
        Effect.provideService(Tracer.Tracer, Tracer.nativeTracer)
      )
      expect(found).toBeUndefined()
      expect(yield* Effect.withFiber((fiber) => Effect.succeed(Tracing.of(fiber)))).toBeUndefined()
    })
  )

  it.effect("that could not be made is the effect's defect, and the only one", () =>
    Effect.gen(function* () {
      const defect = new Error("no spans today")
      const tracer = Tracer.make({
        span: () => {
          throw defect
        }
      })
      const exit = yield* Effect.exit(Effect.provideService(ours, Tracer.Tracer, tracer))
      expect(exit).toEqual(Exit.die(defect))
    })
  )

  it.effect("that could not be described ends nevertheless, and shows nothing of what was thrown", () =>
    Effect.gen(function* () {
      const { made, tracer } = recording()
      const exit = yield* spanned(
        () => Effect.void,
        () => {
          throw new Error("secret words")
        }
      ).pipe(Effect.provideService(Tracer.Tracer, tracer), Effect.exit)
      expect(exit).toEqual(Exit.die(new Error("secret words")))
      const status = made[0]?.span.status
      expect(status).toMatchObject({ _tag: "Ended" })
      expect(status?._tag === "Ended" ? String(status.exit) : "").not.toContain("secret")
    })
  )
})
