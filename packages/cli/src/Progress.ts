/** Shows how a collection goes: one line that is redrawn in a terminal, else a line every few seconds. */
import * as Clock from "effect/Clock"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import * as Stdio from "effect/Stdio"
import * as Stream from "effect/Stream"
import type * as Collector from "./Collector.ts"
import { list, say } from "./internal/language/say.ts"
import { Language, render } from "./Language.ts"
import { Settings } from "./Settings.ts"

/** Milliseconds as `h:mm:ss` or `m:ss`. */
export const clock = (milliseconds: number): string => {
  const seconds = Math.round(milliseconds / 1000)
  const two = (n: number) => String(n).padStart(2, "0")
  const hours = Math.floor(seconds / 3600)
  const rest = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
  return hours > 0 ? `${hours}:${rest}` : rest.replace(/^0/, "")
}

const number = (n: number): string => n.toLocaleString("en")

/** The figures as one line. */
export const line = (
  figures: Collector.Progress,
  total: number,
  elapsed: number,
  width: number,
  language: Language
): string => {
  const done = figures.stored + figures.failed
  const rate = elapsed > 0 ? (done * 1000) / elapsed : 0
  const part = total === 0 ? 1 : done / total
  const bar =
    width === 0 ? "" : `[${"#".repeat(Math.round(part * width))}${"-".repeat(width - Math.round(part * width))}] `
  const eta = rate > 0 && done < total ? ` ETA ${clock(((total - done) / rate) * 1000)}` : ""
  const left = Object.values(figures.left).reduce((sum, count) => sum + count, 0)
  const { Inconclusive, Passed, Rejected } = figures.verdicts
  const counts = [
    say`passed ${number(Passed)}`,
    say`rejected ${number(Rejected)}`,
    Inconclusive > 0 ? say`inconclusive ${number(Inconclusive)}` : undefined,
    figures.failed > 0 ? say`failed ${number(figures.failed)}` : undefined,
    left > 0 ? say`left pending ${number(left)}` : undefined,
    figures.throttles > 0 ? say`throttled ${number(figures.throttles)}×` : undefined
  ].filter((count) => count !== undefined)
  return `${bar}${number(done)}/${number(total)} ${Math.floor(part * 100)}% ${rate.toFixed(0)}/s${eta} | ${render(list(counts), language)}`
}

/** Redraws four times a second. */
const redraw = "250 millis"

/** Prints without a terminal. */
const print = "5 seconds"

/** Shows the figures while an effect runs, and once more at its end. */
export const during =
  (figures: Collector.Progress, total: number) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R | Settings | Stdio.Stdio> =>
    Effect.gen(function* () {
      const { volume } = yield* Settings
      const language = yield* Language
      if (volume === "quiet") return yield* effect
      const stdio = yield* Stdio.Stdio
      const isTerminal = (yield* stdio.stderrIsTerminal) && process.env["TERM"] !== "dumb"
      const started = yield* Clock.monotonicTimeNanos
      const current = (width: number) =>
        Effect.map(Clock.monotonicTimeNanos, (now) =>
          line(figures, total, Number(now - started) / 1e6, width, language)
        )
      const write = (text: string) => Effect.ignore(Stream.run(Stream.make(text), stdio.stderr({ endOnDone: false })))
      const draw = Effect.flatMap(current(20), (text) => write(`\r\u001b[2K${text}`))
      const show = isTerminal ? draw : Effect.flatMap(current(0), (text) => Console.error(text))
      return yield* effect.pipe(
        Effect.raceFirst(
          Effect.andThen(
            Effect.repeat(Effect.andThen(Effect.sleep(isTerminal ? redraw : print), show), Schedule.forever),
            Effect.never
          )
        ),
        Effect.ensuring(isTerminal ? Effect.andThen(draw, write("\n")) : show)
      )
    })
