/** What a list has, and how it is read. */
import type * as Document from "@effect-cloudauth/core/Document"
import type * as DateTime from "effect/DateTime"

/**
 * A value of a line that is not used, or not as it stands. Its id is asked all the same.
 *
 * @category models
 * @since 0.1.0
 */
export interface Warning {
  readonly field: "merchantBizId" | "document" | "authenticatedAt"
  /** The value, unless it can be a person's. */
  readonly value: string | undefined
  /** What is done with it and why: "is not used: …". */
  readonly reason: string
}

/**
 * An id of the list, and what else the line says of it.
 *
 * @category models
 * @since 0.1.0
 */
export interface Entry {
  readonly _tag: "Entry"
  /** Counted from 1. */
  readonly line: number
  readonly transactionId: string
  readonly merchantBizId: string | undefined
  readonly document: Document.Name | undefined
  /** Milliseconds since 1970. */
  readonly authenticatedAt: number | undefined
  readonly warnings: ReadonlyArray<Warning>
}

/**
 * A line that cannot be used.
 *
 * @category models
 * @since 0.1.0
 */
export interface BadLine {
  readonly _tag: "BadLine"
  readonly line: number
  readonly reason: string
  readonly text: string
}

/**
 * No line can be read: the first line does not say which column holds the ids, or the file is no text.
 *
 * @category models
 * @since 0.1.0
 */
export interface Unusable {
  readonly _tag: "Unusable"
  readonly line: number
  readonly reason: string
}

/**
 * How a list is read.
 *
 * @category models
 * @since 0.1.0
 */
export interface Options {
  /** The column of the ids: its heading, or its number from 1. Found by its heading unless given. */
  readonly column?: string | undefined
  /** The zone of times that name none. Without it they are warnings. */
  readonly timeZone?: DateTime.TimeZone | undefined
}

/**
 * How the bytes of a list are read.
 *
 * @category models
 * @since 0.1.0
 */
export interface BytesOptions extends Options {
  /** One that `TextDecoder` knows, for example `big5`. Without it the bytes tell UTF-8 from UTF-16. */
  readonly encoding?: string | undefined
}

/**
 * Reads lines in order.
 *
 * @category models
 * @since 0.1.0
 */
export interface Reader {
  /** What a line brings: nothing for headings, empty lines, and a record that goes on in the next line. */
  readonly read: (line: string) => ReadonlyArray<Entry | BadLine | Unusable>
  /** What is left when there is no further line. */
  readonly end: () => ReadonlyArray<Entry | BadLine | Unusable>
}
