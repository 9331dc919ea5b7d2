/** JSON.parse at each level and base64 to bytes, no validation: what people write, for `vendor`, `limit` and `fetch`. */
import type { Answer } from "../workloads.ts"

export interface Envelope {
  readonly Result: { readonly Passed: string; readonly SubCode: string; readonly ExtIdInfo: string }
}

interface ExtIdInfo {
  readonly idImage?: string
  readonly idBackImage?: string
  readonly ocrIdInfo: string
  readonly ocrIdEditInfo: string
  readonly ocrIdBackInfo: string
  readonly spoofInfo: string
  readonly spoofBackInfo: string
}

interface Decoded extends Answer {
  readonly ocrIdInfo: Record<string, string>
  readonly ocrIdEditInfo: Record<string, string>
  readonly ocrIdBackInfo: Record<string, string>
  readonly spoofBackInfo: SpoofInfo
}

interface SpoofInfo {
  readonly spoofResult: string
  readonly spoofType: ReadonlyArray<string>
}

export const plainDecode = ({ Result }: Envelope): Decoded => {
  const info: ExtIdInfo = JSON.parse(Result.ExtIdInfo)
  const ocrIdInfo: Record<string, string> = JSON.parse(info.ocrIdInfo)
  const spoofInfo: SpoofInfo = JSON.parse(info.spoofInfo)
  const images: Array<Uint8Array> = []
  if (info.idImage !== undefined) images.push(Buffer.from(info.idImage, "base64"))
  if (info.idBackImage !== undefined) images.push(Buffer.from(info.idBackImage, "base64"))
  return {
    passed: Result.Passed === "Y",
    subCode: Result.SubCode,
    idNumber: ocrIdInfo["idNumber"] ?? "",
    spoofRisk: spoofInfo.spoofResult === "Y",
    images,
    ocrIdInfo,
    ocrIdEditInfo: JSON.parse(info.ocrIdEditInfo),
    ocrIdBackInfo: JSON.parse(info.ocrIdBackInfo),
    spoofBackInfo: JSON.parse(info.spoofBackInfo)
  }
}
