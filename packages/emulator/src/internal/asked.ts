/** What Initialize asked for, as far as the result depends on it. */
import type { Parameters } from "./parameters.ts"
import type { Spoof, Verdict } from "./scenario/model.ts"

export interface Asked {
  /** `IdSpoof` is `Y`. */
  readonly idSpoof: boolean
  /** The page with what was read is shown (`ShowOcrResult`) and can be edited (`EditOcrResult`): both unless `0`. */
  readonly isEditable: boolean
  /** `Pages` names the back. */
  readonly back: boolean
}

export const fromParameters = (parameters: Parameters): Asked => ({
  idSpoof: parameters.get("IdSpoof") === "Y",
  isEditable: parameters.get("ShowOcrResult") !== "0" && parameters.get("EditOcrResult") !== "0",
  back: parameters.get("Pages") === "01,02"
})

const isAboutSpoofing = (key: string): boolean => /^spoof/i.test(key)

const noRisk: Spoof = { result: "N" }

/** Without the check there is no risk to find: every `spoofResult` is `N` without a type, and nothing is rejected as 212. */
const withoutSpoofCheck = (verdict: Verdict): Verdict => ({
  ...verdict,
  ...(verdict.subCode === "212" ? { passed: "Y", subCode: "200", ocrIdPassed: "Y" } : {}),
  spoof: noRisk,
  spoofBack: noRisk,
  appended: (verdict.appended ?? []).filter((more) => more.in !== "spoofInfo" && !isAboutSpoofing(more.key)),
  extraExtIdInfo: Object.fromEntries(
    Object.entries(verdict.extraExtIdInfo ?? {}).filter(([key]) => !isAboutSpoofing(key))
  )
})

const withoutEdit = (verdict: Verdict): Verdict => {
  const { edited, ...unedited } = verdict
  return edited === undefined ? verdict : unedited
}

/** The verdict as the service can give it, if this was asked for. `undefined`: nothing is known, so all was. */
export const obey = (verdict: Verdict, asked: Asked | undefined): Verdict => {
  if (asked === undefined) return verdict
  const checked = asked.idSpoof ? verdict : withoutSpoofCheck(verdict)
  const edited = asked.isEditable ? checked : withoutEdit(checked)
  return { ...edited, back: asked.back && edited.back !== false }
}
