/** SQL as text with parameters, for any driver of PostgreSQL and SQLite. */
import * as Effect from "effect/Effect"

/**
 * What the driver speaks: `pg` has parameters `$1`, `$2`, `sqlite` has `?`.
 *
 * @category models
 * @since 0.1.0
 */
export type Dialect = "pg" | "sqlite"

/**
 * The value of a parameter.
 *
 * @category models
 * @since 0.1.0
 */
export type Parameter = string | number | null

/**
 * A database, by the one thing that the store needs of it.
 *
 * @category models
 * @since 0.1.0
 */
export interface Database<out E = unknown> {
  readonly dialect: Dialect
  /** Runs one statement and returns its rows, each an object by column; none if the statement returns no rows. */
  readonly query: (sql: string, parameters: ReadonlyArray<Parameter>) => Effect.Effect<ReadonlyArray<unknown>, E>
}

/** A statement or a part of one. There is one more text than there are parameters. */
export class Sql {
  readonly texts: ReadonlyArray<string>
  readonly parameters: ReadonlyArray<Parameter>
  constructor(texts: ReadonlyArray<string>, parameters: ReadonlyArray<Parameter>) {
    this.texts = texts
    this.parameters = parameters
  }
}

/** Text without parameters. */
export const literal = (text: string): Sql => new Sql([text], [])

/** SQL by a template: a part is inserted as it is, everything else becomes a parameter. */
export const sql = (strings: TemplateStringsArray, ...inserted: ReadonlyArray<Sql | Parameter>): Sql => {
  const texts: Array<string> = [strings[0] ?? ""]
  const parameters: Array<Parameter> = []
  const append = (text: string) => texts.push((texts.pop() ?? "") + text)
  for (const [index, value] of inserted.entries()) {
    if (value instanceof Sql) {
      const [first = "", ...others] = value.texts
      append(first)
      texts.push(...others)
      parameters.push(...value.parameters)
    } else {
      texts.push("")
      parameters.push(value)
    }
    append(strings[index + 1] ?? "")
  }
  return new Sql(texts, parameters)
}

/** Runs a statement. */
export const run = <E>({ dialect, query }: Database<E>, { parameters, texts }: Sql) =>
  Effect.suspend(() =>
    query(
      texts.map((text, index) => (index === 0 ? text : `${dialect === "pg" ? `$${index}` : "?"}${text}`)).join(""),
      parameters
    )
  )
