/** The parameters of the operation `Initialize`. */
import * as Document from "../Document.ts"
import type * as Journey from "../Journey.ts"
import * as Scenario from "../Scenario.ts"
import { confidential } from "./loopback.ts"
import * as Parameters from "./parameters.ts"

const { oneOf } = Parameters

const rules: ReadonlyArray<Parameters.Rule> = [
  ["ProductCode", true, oneOf("ID_OCR", "OCR_GLOBAL", "IDR_GLOBAL")],
  ["MerchantBizId", true, Parameters.isMerchantBizId],
  ["MerchantUserId", true, () => true],
  ["DocType", true, (value) => /^[A-Za-z0-9]{8}$/.test(value)],
  ["Pages", false, oneOf("01", "01,02")],
  ["IdSpoof", false, oneOf("Y", "N")],
  ["ShowOcrResult", false, oneOf("0", "1")],
  ["EditOcrResult", false, oneOf("0", "1")],
  ["SceneCode", false, (value) => value.length <= 10],
  ["CallbackUrl", false, (value) => confidential(value) !== undefined]
]

export const check = (parameters: Parameters.Parameters) => Parameters.check(rules, parameters)

/** The codes that the vendor's pages print beside a document. */
const knownDocTypes: Readonly<Record<string, Document.Slug>> = {
  "00000006": "hong-kong-identity-card",
  "00000007": "exit-entry-permit-hong-kong-macao",
  "00000008": "hong-kong-identity-card",
  "00000009": "mainland-travel-permit-hong-kong-macao",
  "00000012": "mainland-travel-permit-taiwan",
  "01000000": "global-passport",
  GLB03002: "global-passport"
}

/** What a journey ends with if nothing else is set: passed, with the document of `DocType`. */
export const usualScenario = (parameters: Parameters.Parameters, { documents }: Journey.Options): Scenario.Scenario => {
  const docType = parameters.get("DocType") ?? ""
  const known: Readonly<Record<string, Document.Slug>> = { ...knownDocTypes, ...documents }
  return Scenario.passed({ document: known[docType] ?? Document.slugs[0], personPerTransaction: true })
}
