/** Schemas whose `Arbitrary` makes only values whose parts belong together. */
import * as Schema from "effect/Schema"
import * as SchemaGetter from "effect/SchemaGetter"

/**
 * A schema of the same values as `type`. A generator draws from `source` and makes a value of the drawn one; if `type`
 * refuses it, the generator draws again.
 */
export const generatedFrom = <A, S extends Schema.Constraint>(
  type: Schema.Codec<A, unknown>,
  source: S,
  make: (drawn: S["Type"]) => unknown
): Schema.Codec<A> =>
  Schema.declare<A>(Schema.is(type), {
    toCodecArbitrary: () =>
      Schema.link<A>()(source, {
        decode: SchemaGetter.transform((drawn) => make(drawn) as A), // checked by `is` next
        encode: SchemaGetter.forbiddenEncoding
      }),
    toCodecJson: () =>
      Schema.link<A>()(type, { decode: SchemaGetter.passthrough<A>(), encode: SchemaGetter.passthrough<A>() })
  })

/** Text of a pattern, to draw from. */
export const textLike = (pattern: RegExp): Schema.Codec<string> => Schema.String.check(Schema.isPattern(pattern))
