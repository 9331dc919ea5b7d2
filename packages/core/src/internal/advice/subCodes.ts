/** The advice of each sub code. */
import type { SubCode } from "../../SubCode.ts"
import { advice, type Advice, user } from "./texts.ts"
import { subCodes as told } from "./told.ts"

export const subCodes: Readonly<Record<SubCode["_tag"], Advice>> = {
  AuthenticationPassed: advice(told.AuthenticationPassed, "Nothing more to do.", "無須再作處理。", "无须再作处理。"),
  ImageInsufficient: advice(
    told.ImageInsufficient,
    "Ask the user for a new photo of the portrait side: clear, normally exposed, complete, nothing covered, held straight.",
    "請用戶重新拍攝證件的人像面：清晰、曝光正常、完整、沒有遮擋、擺正。",
    "请用户重新拍摄证件的人像面：清晰、曝光正常、完整、没有遮挡、摆正。"
  ),
  CounterfeitRisk: advice(
    user.contact,
    "Do not accept the document; let a person review it, or ask for the original card again.",
    "不要接納此證件；交由人員覆核，或要求重新出示證件正本。",
    "不要接受此证件；交由人员复核，或要求重新出示证件原件。"
  ),
  DocumentNotRecognised: advice(
    told.DocumentNotRecognised,
    "Ask the user for a clear, complete, straight photo of the right document.",
    "請用戶拍攝正確證件的清晰、完整、擺正的相片。",
    "请用户拍摄正确证件的清晰、完整、摆正的照片。"
  ),
  UnknownSubCode: advice(
    user.contact,
    "Let a person look at it; give the request id to the vendor's support for its meaning.",
    "交由人員查看；把請求編號交給供應商支援，查詢代碼的含義。",
    "交由人员查看；把请求编号交给供应商支持，查询代码的含义。"
  )
}
