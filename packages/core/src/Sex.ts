/** Sex as documents give it: one value for the spellings in use, and the text as it came. */
import * as Schema from "effect/Schema"
import * as SchemaGetter from "effect/SchemaGetter"

const spellings = new Map<string, "Female" | "Male">([
  ["m", "Male"],
  ["male", "Male"],
  ["男", "Male"],
  ["f", "Female"],
  ["female", "Female"],
  ["女", "Female"]
])

const Normalised = Schema.Struct({
  /** `Unknown` where the spelling is none of `M`, `Male`, `男`, `F`, `Female`, `女` (compared without case). */
  value: Schema.Literals(["Female", "Male", "Unknown"]),
  /** The text as it came. */
  raw: Schema.String
})

/** Reads a spelling. Never fails. */
export const parse = (raw: string): typeof Normalised.Type => ({
  value: spellings.get(raw.trim().toLowerCase()) ?? "Unknown",
  raw
})

/** Text on the wire. */
export const Sex = Schema.String.pipe(
  Schema.decodeTo(Normalised, {
    decode: SchemaGetter.transform(parse),
    encode: SchemaGetter.transform((sex) => sex.raw)
  })
)
export type Sex = typeof Sex.Type
