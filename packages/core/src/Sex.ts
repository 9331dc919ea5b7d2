/**
 * Sex as documents give it: one value for the spellings in use, and the text as it came.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as SchemaGetter from "effect/SchemaGetter"
import { generatedFrom } from "./internal/generated.ts"

const spellings = new Map<string, "Female" | "Male" | "Unspecified">([
  ["m", "Male"],
  ["male", "Male"],
  ["ｍ", "Male"],
  ["男", "Male"],
  ["男性", "Male"],
  ["f", "Female"],
  ["female", "Female"],
  ["ｆ", "Female"],
  ["女", "Female"],
  ["女性", "Female"],
  ["x", "Unspecified"],
  ["<", "Unspecified"]
])

const Normalised = Schema.Struct({
  /**
   * `Unspecified` for `X` and `<`, which passports use; `Unknown` if the spelling is not known, or two languages
   * contradict each other.
   */
  value: Schema.Literals(["Female", "Male", "Unspecified", "Unknown"]).annotate({
    description: "Unspecified for X and <, which passports use; Unknown if the spelling is not known."
  }),
  /** The text as it came. */
  raw: Schema.String.annotate({ description: "The text as it came." })
})

/** Reads a spelling, or one in two languages such as `女 F`, `男/M` or `女(F)`. */
const parse = (raw: string): typeof Normalised.Type => {
  const known = spellings.get(raw.trim().toLowerCase())
  if (known !== undefined) return { value: known, raw }
  const parts = raw
    .toLowerCase()
    .split(/[\s/()（）]+|(?<=[男女性])(?=[a-z])/)
    .filter((part) => part !== "")
  const values = new Set(parts.map((part) => spellings.get(part) ?? "Unknown"))
  const [value = "Unknown"] = values
  return { value: values.size === 1 ? value : "Unknown", raw }
}

/**
 * Sex: text on the wire.
 *
 * @example
 * import { Sex } from "@effect-cloudauth/core/Sex"
 * import * as Schema from "effect/Schema"
 *
 * Schema.decodeSync(Sex)("女 F").value // => "Female"
 *
 * @category schemas
 * @since 0.1.0
 */
export const Sex = Schema.String.pipe(
  Schema.decodeTo(generatedFrom(Normalised, Schema.Literals(["M", "Male", "男", "F", "女 F", "X", "<", "?"]), parse), {
    decode: SchemaGetter.transform(parse),
    encode: SchemaGetter.transform((sex) => sex.raw)
  })
)
export type Sex = typeof Sex.Type
