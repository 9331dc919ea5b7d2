/** Sentences with values. The English template is the key of its translations. */
import * as Schema from "effect/Schema"

/**
 * A value in a sentence; a sentence can be part of another.
 *
 * @category models
 * @since 0.1.0
 */
export type Value = string | number | Phrase

/**
 * A template such as `{0} cannot be read: {1}.`, and its values.
 *
 * @category models
 * @since 0.1.0
 */
export interface Phrase {
  readonly template: string
  readonly values: ReadonlyArray<Value>
}

/** The schema of a sentence, for errors that carry one. */
export const Phrase: Schema.Codec<Phrase> = Schema.Struct({
  template: Schema.String,
  values: Schema.Array(Schema.Union([Schema.String, Schema.Finite, Schema.suspend(() => Phrase)]))
})

/** A sentence as a template literal. */
export const say = (parts: TemplateStringsArray, ...values: ReadonlyArray<Value>): Phrase => ({
  template: parts.reduce((text, part, index) => `${text}{${index - 1}}${part}`),
  values
})

/** Several parts, with commas between them. */
export const list = ([first = "", ...more]: ReadonlyArray<Value>): Value =>
  more.reduce((text, part) => say`${text}, ${part}`, first)

/** Puts values into a template. */
export const fill = (template: string, values: ReadonlyArray<Value>, textOf: (value: Value) => string): string =>
  template.replaceAll(/\{(\d)\}/g, (_, index: string) => textOf(values[Number(index)] ?? ""))

/** A sentence in English. */
export const english = (value: Value): string =>
  typeof value === "object" ? fill(value.template, value.values, english) : String(value)
