/** `doctor`: is this machine set up to ask for results, and if not, what is to be done? */
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as Doctor from "../Doctor.ts"
import * as ExitCode from "../ExitCode.ts"
import { Outcome } from "../Failure.ts"
import * as flags from "../internal/flags.ts"
import { english } from "../internal/language/say.ts"
import * as Language from "../Language.ts"
import * as Output from "../Output.ts"
import { Settings } from "../Settings.ts"

const marks = { Good: "✔", Bad: "✘", Doubtful: "!", Info: "·" } as const

const show = (finding: Doctor.Finding, paint: Output.Paint, language: Language.Language): string => {
  const tone = { Good: paint.good, Bad: paint.bad, Doubtful: paint.doubtful, Info: paint.faint }[finding.state]
  const fix = finding.fix === undefined ? "" : `\n    → ${Language.translate(finding.fix, language)}`
  const name = Output.pad(Language.render(finding.name, language), 15)
  const what = Language.render(finding.what, language).split("\n").map(Output.plain).join("\n    ")
  return `${tone(marks[finding.state])} ${name} ${what}${fix}`
}

export const doctor = Command.make(
  "doctor",
  {
    offline: flags.toggle("offline", "Ask nothing over the network"),
    burst: flags
      .wholeNumber("burst", "How many requests the look at the quota sends at once; 0 for none (default: 3)", 0, 100)
      .pipe(Flag.withDefault(3)),
    json: flags.json
  },
  Effect.fnUntraced(function* (input) {
    const settings = yield* Settings
    const paint = yield* Output.paint
    const language = yield* Language.Language
    const findings = yield* Doctor.run(settings, input, (finding) =>
      input.json ? Effect.void : Output.result(show(finding, paint, language))
    )
    if (input.json) {
      yield* Output.json(
        findings.map(({ fix, name, what, ...finding }) => ({
          name: english(name),
          ...finding,
          what: Language.render(what, language),
          ...(fix === undefined ? {} : { fix: Language.translate(fix, language) })
        }))
      )
    }
    const bad = findings.find((finding) => finding.state === "Bad")
    if (bad !== undefined) return yield* new Outcome({ exit: bad.exit ?? "Unexpected" })
  })
).pipe(
  Command.withShortDescription("Find out why calls would fail on this machine"),
  Command.withDescription(
    `Looks at settings, access key (and its source), endpoints, clock, permission and quota, and says how to mend what is wrong.

Permission and quota are tried with invented transaction ids: no result is read, and no authentication is billed. Ends with the exit code of the first thing that is wrong.

${ExitCode.help("Success", "Usage", "Credentials", "Denied", "ClockSkewed", "Timeout", "Transport", "Unavailable")}`
  ),
  Command.withExamples([
    { command: "effect-cloudauth doctor", description: "Look at everything" },
    {
      command: "effect-cloudauth doctor --region ap-southeast-1 --network vpc",
      description: "Before moving into the vendor's network"
    },
    { command: "effect-cloudauth doctor --offline --json", description: "In a container's start-up check" }
  ])
)
