/** The closed sets of values of metric attributes: no text of a server can make a new series. */
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
