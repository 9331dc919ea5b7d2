/** The advice of each reason of an inconclusive verdict. The user gets the same text for every reason. */
import type { ReasonCode } from "../../Verdict.ts"
import { advice, type Advice, user } from "./texts.ts"

const reason = (en: string, zhHant: string, zhHans: string): Advice => advice(user.contact, en, zhHant, zhHans)

export const reasons: Readonly<Record<ReasonCode, Advice>> = {
  RepeatedKey: reason(
    "A decisive part of the answer stands twice, so no value of it can be trusted. Ask again; then give the request id to the vendor's support.",
    "回應中有關鍵部分重複出現，其值不可信。請重新查詢；再把請求編號交給供應商支援。",
    "响应中有关键部分重复出现，其值不可信。请重新查询；再把请求编号交给供应商支持。"
  ),
  OtherTransaction: reason(
    "The answer names another transaction or merchantBizId than the request. Find out whose result it is before you use it.",
    "回應中的交易編號或 merchantBizId 與請求不同。使用前請查明結果屬於誰。",
    "响应中的交易编号或 merchantBizId 与请求不同。使用前请查明结果属于谁。"
  ),
  NotSuccessful: reason(
    "The answer says that the call did not succeed. Ask again.",
    "回應表示請求沒有成功。請重新查詢。",
    "响应表示请求没有成功。请重新查询。"
  ),
  PassedUnreadable: reason(
    "Passed is neither Y nor N. Give the request id to the vendor's support.",
    "Passed 既不是 Y 也不是 N。請把請求編號交給供應商支援。",
    "Passed 既不是 Y 也不是 N。请把请求编号交给供应商支持。"
  ),
  SubCodeMissing: reason(
    "The sub code is missing. Give the request id to the vendor's support.",
    "回應沒有子代碼。請把請求編號交給供應商支援。",
    "响应没有子代码。请把请求编号交给供应商支持。"
  ),
  SubCodeContradicts: reason(
    "Passed and the sub code contradict each other. Look at the images and decide.",
    "Passed 與子代碼互相矛盾。請查看影像後決定。",
    "Passed 与子代码互相矛盾。请查看图像后决定。"
  ),
  OcrNotPassed: reason(
    "Passed is Y, but the OCR phase did not pass. Look at the images and decide.",
    "Passed 是 Y，但文字識別階段沒有通過。請查看影像後決定。",
    "Passed 是 Y，但文字识别阶段没有通过。请查看图像后决定。"
  ),
  OcrPassedUnreadable: reason(
    "Passed is Y, but ocrIdPassed is neither Y nor N. Look at the images and decide.",
    "Passed 是 Y，但 ocrIdPassed 既不是 Y 也不是 N。請查看影像後決定。",
    "Passed 是 Y，但 ocrIdPassed 既不是 Y 也不是 N。请查看图像后决定。"
  ),
  EvidenceMissing: reason(
    "Passed is Y, but ExtIdInfo is missing. Ask again.",
    "Passed 是 Y，但沒有 ExtIdInfo。請重新查詢。",
    "Passed 是 Y，但没有 ExtIdInfo。请重新查询。"
  ),
  EvidenceUnreadable: reason(
    "Passed is Y, but ExtIdInfo or the fields that were read are no JSON. Ask again.",
    "Passed 是 Y，但 ExtIdInfo 或讀取的欄位不是 JSON。請重新查詢。",
    "Passed 是 Y，但 ExtIdInfo 或读取的字段不是 JSON。请重新查询。"
  ),
  SpoofRisk: reason(
    "Passed is Y, but the anti-spoofing check found a risk. Look at the images, or ask for the original card.",
    "Passed 是 Y，但防偽檢測發現風險。請查看影像，或要求出示證件正本。",
    "Passed 是 Y，但防伪检测发现风险。请查看图像，或要求出示证件原件。"
  ),
  SpoofUnreadable: reason(
    "Passed is Y, but the anti-spoofing result can't be read. Look at the images and decide.",
    "Passed 是 Y，但無法讀取防偽檢測結果。請查看影像後決定。",
    "Passed 是 Y，但无法读取防伪检测结果。请查看图像后决定。"
  ),
  SpoofTypeWithoutResult: reason(
    "Passed is Y, but the anti-spoofing check names a type of attack without a result. Look at the images and decide.",
    "Passed 是 Y，但防偽檢測只列出攻擊類型而沒有結果。請查看影像後決定。",
    "Passed 是 Y，但防伪检测只列出攻击类型而没有结果。请查看图像后决定。"
  ),
  SiblingVerdict: reason(
    "Passed is Y, but another verdict in the answer says no. Find out what the other check is.",
    "Passed 是 Y，但回應中另一項判定是否定的。請查明該項檢查。",
    "Passed 是 Y，但响应中另一项判定是否定的。请查明该项检查。"
  ),
  NothingRead: reason(
    "Passed is Y, but no field of the document was read. Look at the images and decide.",
    "Passed 是 Y，但沒有讀取到任何欄位。請查看影像後決定。",
    "Passed 是 Y，但没有读取到任何字段。请查看图像后决定。"
  ),
  EditedWithoutRead: reason(
    "Passed is Y, but there are edited fields and none that were read. Compare them with the images.",
    "Passed 是 Y，但只有用戶修改的欄位，沒有讀取的欄位。請與影像核對。",
    "Passed 是 Y，但只有用户修改的字段，没有读取的字段。请与图像核对。"
  ),
  OtherDocument: reason(
    "Passed is Y, but the fields are not those of the document that was asked for. Ask for the right document.",
    "Passed 是 Y，但欄位不屬於所要求的證件。請要求出示正確的證件。",
    "Passed 是 Y，但字段不属于所要求的证件。请要求出示正确的证件。"
  )
}
