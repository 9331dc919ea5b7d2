/** Labels of metrics: their values are of closed sets, so that no text of a server makes a new series. */
import * as Document from "../../Document.ts"
import * as ResponseCode from "../../ResponseCode.ts"
import * as SubCode from "../../SubCode.ts"

export const subCodeOf = (code: string | undefined): string =>
  code === undefined ? "none" : Object.hasOwn(SubCode.table, code) ? code : "other"

const knownCodes: ReadonlyMap<string, string> = new Map(
  Object.keys(ResponseCode.table).map((code) => [code.toLowerCase(), code])
)

export const responseCodeOf = (code: string): string => knownCodes.get(code.toLowerCase()) ?? "other"

const commonStatuses: ReadonlySet<number> = new Set([200, 400, 401, 403, 404, 408, 413, 429, 500, 502, 503, 504])

export const statusOf = (status: number): number =>
  commonStatuses.has(status) ? status : Math.floor(Math.min(599, Math.max(100, status)) / 100) * 100

const nested = ["ocrIdInfo", "ocrIdEditInfo", "ocrIdBackInfo"]

const knownPaths: ReadonlySet<string> = new Set([
  "Result.ExtIdInfo",
  ...[...nested, "ocrIdPassed", "idImage", "idBackImage"].map((key) => `Result.ExtIdInfo.${key}`),
  ...["spoofInfo", "spoofBackInfo"].flatMap((key) =>
    ["", ".spoofType", ".spoofResult"].map((part) => `Result.ExtIdInfo.${key}${part}`)
  ),
  ...nested.flatMap((key) =>
    Document.names.flatMap((name) => Document.fieldsOf(name).map((field) => `Result.ExtIdInfo.${key}.${field}`))
  )
])

export const pathOf = (path: string): string => (path === "" ? "answer" : knownPaths.has(path) ? path : "other")

/**
 * The attributes of a value, each from a closed set.
 *
 * @category models
 * @since 0.1.0
 */
export type Labels = Readonly<Record<string, string | number>>

type Value = string | number | undefined

/** The labels of the values so far, and the next steps by the next value. */
interface Step {
  labels: Labels | undefined
  readonly next: Map<Value, Step>
}

const step = (): Step => ({ labels: undefined, next: new Map() })

const labelsOf = (keys: ReadonlyArray<string>, values: ReadonlyArray<Value>): Labels =>
  Object.fromEntries(
    keys.flatMap((key, at) => {
      const value = values[at]
      return value === undefined ? [] : [[key, value]]
    })
  )

/**
 * Gives the labels of these attributes by their values; `undefined` leaves one out. It keeps them, because making them for
 * every call costs more than recording: the sets of values are closed.
 */
export const labelled = <const Keys extends ReadonlyArray<string>>(...keys: Keys) => {
  const first = step()
  return (...values: { readonly [K in keyof Keys]: Value }): Labels => {
    let at = first
    for (const value of values) {
      const next = at.next.get(value)
      if (next === undefined) at.next.set(value, (at = step()))
      else at = next
    }
    return (at.labels ??= labelsOf(keys, values))
  }
}
