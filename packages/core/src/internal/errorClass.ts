/** How the error classes are made: their message, their HTTP status, and what never leaves the process. */
import type * as Cause from "effect/Cause"
import * as Schema from "effect/Schema"
import * as SchemaGetter from "effect/SchemaGetter"

/**
 * A part of an error that no schema encodes. A decoded error lacks it, whatever the encoded form brought.
 *
 * @category models
 * @since 0.1.0
 */
export const hidden = <S extends Schema.Constraint>(schema: S) =>
  Schema.optional(Schema.Redacted(schema)).pipe(
    Schema.encodeTo(Schema.optionalKey(Schema.Json.annotate({ description: "Never sent." })), {
      decode: SchemaGetter.omit(),
      encode: SchemaGetter.omit()
    })
  )

/** A tagged error: its identifier has the package's name, and a backend answers it with `httpApiStatus`. */
export const taggedError =
  <Self>() =>
  <const Tag extends string, const Fields extends Schema.Struct.Fields>(
    tag: Tag,
    fields: Fields,
    httpApiStatus: number,
    // Each caller knows the fields that it gave.
    message: (error: never) => string
  ): Schema.Class<Self, Schema.TaggedStruct<Tag, Fields>, Cause.YieldableError> => {
    // `TaggedError` asks whether `Self` is `never`, which stays undecided here: `Error` stands for it.
    const Class = Schema.TaggedError<Error>(`@effect-cloudauth/core/${tag}`)(tag, fields, { httpApiStatus })
    // On the prototype, so that the message is made only when it is read. The name would be the identifier.
    Object.defineProperties(Class.prototype, {
      name: { value: tag, configurable: true, writable: true },
      message: {
        get(this: never) {
          return message(this)
        },
        configurable: true
      }
    })
    return Class as unknown as Schema.Class<Self, Schema.TaggedStruct<Tag, Fields>, Cause.YieldableError>
  }

/** Leaves out the stack: the place inside this library that reads a key does not help someone who lacks one. */
export const withoutStack = <E extends Error>(error: E): E =>
  Object.defineProperty(error, "stack", {
    value: `${error.name}: ${error.message}`,
    configurable: true,
    writable: true
  })
