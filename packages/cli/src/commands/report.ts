/** `report`: a collection as one HTML page. */
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as ExitCode from "../ExitCode.ts"
import * as durable from "../internal/durable.ts"
import * as flags from "../internal/flags.ts"
import { say } from "../internal/language/say.ts"
import * as openStore from "../internal/openStore.ts"
import * as reportPage from "../internal/reportPage.ts"
import { ImageStore } from "../ImageStore.ts"
import * as Output from "../Output.ts"
import * as Report from "../Report.ts"
import { Settings } from "../Settings.ts"

/** How many bytes of images a page holds: browsers open it still. */
const imageBytes = 64 * 1024 * 1024

export const report = Command.make(
  "report",
  {
    store: flags.store,
    images: flags.images,
    out: Flag.String("out").pipe(
      Flag.withMetavar("FILE"),
      Flag.withDescription(
        "Where the page goes, for the owner's eyes only; - for standard output (default: cloudauth-report.html)"
      ),
      Flag.withDefault("cloudauth-report.html")
    ),
    listed: flags
      .wholeNumber("list", "How many results are listed, the last collected (default: 200)", 0, 20_000)
      .pipe(Flag.withDefault(200)),
    reveal: flags.toggle(
      "reveal",
      "Put people's data into the page: ids, fields and images, which stay blurred until clicked"
    ),
    json: flags.json
  },
  Effect.fnUntraced(function* (input) {
    const settings = yield* Settings
    const place = openStore.targetOf(input.store, settings)
    const made = yield* Report.make({
      now: yield* Clock.currentTimeMillis,
      reveal: input.reveal && !input.json,
      listed: input.json ? 0 : input.listed,
      imageBytes
    }).pipe(
      Effect.mapError(openStore.ofStoreError),
      Effect.provide(
        Layer.merge(
          openStore.existing(place),
          input.reveal && !input.json ? openStore.images(input.images, place, settings) : ImageStore.layerNone
        )
      )
    )
    if (input.json) return yield* Output.json(Report.toJson(made))
    const page = reportPage.render(made)
    if (input.out === "-") return yield* Output.result(page)
    yield* durable.writeText(input.out, page).pipe(Effect.mapError(durable.unwritten(input.out)))
    yield* Output.note(say`Written to ${input.out}`)
  })
).pipe(
  Command.withShortDescription("Make an HTML page of a collection"),
  Command.withDescription(
    `Makes one HTML page of a collection, which needs nothing from outside: counts by verdict, sub code and document, rejections and spoof types over time, billed authentications, latency, and a list.

No person's data is in it unless --reveal.

${ExitCode.help("Success", "Unexpected", "Usage", "Storage")}`
  ),
  Command.withExamples([
    { command: "effect-cloudauth report", description: "cloudauth-report.html of cloudauth.db" },
    { command: "effect-cloudauth report --store march.db --out march.html", description: "Of another store" },
    {
      command: "effect-cloudauth report --reveal --list 1000",
      description: "With people's data, images blurred until clicked"
    },
    { command: "effect-cloudauth report --json", description: "The figures for another program" }
  ])
)
