/** The advice of each finding. */
import type { Code } from "../assessment/codes.ts"
import { advice, type Advice, user } from "./texts.ts"
import { findings as told } from "./told.ts"

const hidden = (en: string, zhHant: string, zhHans: string): Advice => advice(user.contact, en, zhHant, zhHans)

export const findings: Readonly<Record<Code, Advice>> = {
  DocumentMismatch: advice(
    told.DocumentMismatch,
    "The fields are not those of the document that was asked for. Ask for the right document.",
    "欄位不屬於所要求的證件。請要求出示正確的證件。",
    "字段不属于所要求的证件。请要求出示正确的证件。"
  ),
  DocumentUndecided: hidden(
    "The fields fit several documents. Name the document in the request, or look at the images.",
    "欄位符合多種證件。請在請求中指明證件，或查看影像。",
    "字段符合多种证件。请在请求中指明证件，或查看图像。"
  ),
  EvidenceUnreadable: hidden(
    "What was read is missing from this copy, is no JSON or no text, or has characters that no document has. Assess the original result, or look at the images.",
    "此副本沒有讀取的內容，或內容不是 JSON 或文字，或含有證件上不會有的字元。請評估原始結果，或查看影像。",
    "此副本没有读取的内容，或内容不是 JSON 或文字，或含有证件上不会有的字符。请评估原始结果，或查看图像。"
  ),
  BackNotRead: advice(
    told.BackNotRead,
    "Both sides were asked for, but nothing was read of the back, or the same as of the front. Ask for a new photo of the back.",
    "要求了兩面，但沒有讀取到背面，或讀到的與正面相同。請用戶重新拍攝背面。",
    "要求了两面，但没有读取到背面，或读到的与正面相同。请用户重新拍摄背面。"
  ),
  SpoofNotRequested: hidden(
    "The anti-spoofing check was not asked for. Look at the images; set IdSpoof at Initialize.",
    "沒有要求防偽檢測。請查看影像；並在 Initialize 設定 IdSpoof。",
    "没有要求防伪检测。请查看图像；并在 Initialize 设置 IdSpoof。"
  ),
  SpoofNotReported: hidden(
    "The answer has no readable result of the anti-spoofing check. Look at the images.",
    "回應沒有可讀的防偽檢測結果。請查看影像。",
    "响应没有可读的防伪检测结果。请查看图像。"
  ),
  SpoofUnconfirmed: hidden(
    "It is unknown whether the anti-spoofing check was asked for, so its N says nothing. Bind the call to what Initialize asked for.",
    "不知道是否要求了防偽檢測，因此 N 沒有意義。請把查詢與 Initialize 的要求綁定。",
    "不知道是否要求了防伪检测，因此 N 没有意义。请把查询与 Initialize 的要求绑定。"
  ),
  SpoofRisk: hidden(
    "The anti-spoofing check found a risk. Look at the images, or ask for the original card.",
    "防偽檢測發現風險。請查看影像，或要求出示證件正本。",
    "防伪检测发现风险。请查看图像，或要求出示证件原件。"
  ),
  Expired: advice(
    told.Expired,
    "The document has expired. Ask for a valid one.",
    "證件已過有效期。請要求出示有效的證件。",
    "证件已过有效期。请要求出示有效的证件。"
  ),
  ExpiresWithin: advice(
    told.ExpiresWithin,
    "The document expires sooner than you demand. Ask for another one.",
    "證件的剩餘有效期短於要求。請要求出示另一證件。",
    "证件的剩余有效期短于要求。请要求出示另一证件。"
  ),
  NotYetValid: hidden(
    "The date of issue is in the future. Compare it with the images.",
    "簽發日期在未來。請與影像核對。",
    "签发日期在未来。请与图像核对。"
  ),
  DateUnreadable: hidden(
    "A date can't be read, so nothing is known of it. Compare it with the images.",
    "無法讀取某個日期。請與影像核對。",
    "无法读取某个日期。请与图像核对。"
  ),
  SexUnreadable: hidden(
    "The sex was read, but is in no known spelling. Compare it with the images.",
    "讀取了性別，但寫法未知。請與影像核對。",
    "读取了性别，但写法未知。请与图像核对。"
  ),
  DatesContradict: hidden(
    "The dates contradict each other, for example issued before birth, or the expiry is more than a lifetime away. Compare them with the images.",
    "日期互相矛盾（例如簽發早於出生），或到期日遠在一生之後。請與影像核對。",
    "日期互相矛盾（例如签发早于出生），或到期日远在一生之后。请与图像核对。"
  ),
  BirthDateImplausible: hidden(
    "The date of birth is in the future, or more than 122 years ago. Compare it with the images.",
    "出生日期在未來，或在 122 年以前。請與影像核對。",
    "出生日期在未来，或在 122 年以前。请与图像核对。"
  ),
  Underage: advice(
    told.Underage,
    "The holder is younger than the minimum age.",
    "持證人未達最低年齡。",
    "持证人未达到最低年龄。"
  ),
  NumberMalformed: hidden(
    "The number has not the shape of this document's numbers. Compare it with the images.",
    "號碼不符合此證件的號碼格式。請與影像核對。",
    "号码不符合此证件的号码格式。请与图像核对。"
  ),
  CheckDigitWrong: hidden(
    "The check digit of the number is wrong: misread, or made up. Compare it with the images.",
    "號碼的校驗碼不正確：可能讀錯，或屬虛構。請與影像核對。",
    "号码的校验码不正确：可能读错，或属虚构。请与图像核对。"
  ),
  NumberContradictsBirthDate: hidden(
    "The number holds another date of birth than the document. Compare both with the images.",
    "號碼中的出生日期與證件不同。請與影像核對。",
    "号码中的出生日期与证件不同。请与图像核对。"
  ),
  NumberContradictsSex: hidden(
    "The number holds another sex than the document. Compare both with the images.",
    "號碼中的性別與證件不同。請與影像核對。",
    "号码中的性别与证件不同。请与图像核对。"
  ),
  CountryCodeUnknown: hidden(
    "The country code is in no list of ICAO Doc 9303. Compare it with the images.",
    "國家代碼不在國際民航組織 Doc 9303 的列表中。請與影像核對。",
    "国家代码不在国际民航组织 Doc 9303 的列表中。请与图像核对。"
  ),
  SpecimenDocument: hidden(
    "The country code is UTO, which only specimens have. Do not accept the document.",
    "國家代碼是 UTO，只用於樣本。不要接納此證件。",
    "国家代码是 UTO，只用于样本。不要接受此证件。"
  ),
  RequiredFieldMissing: advice(
    told.RequiredFieldMissing,
    "A field that identifies the holder or the document was not read. Ask for a new photo.",
    "沒有讀取到識別持證人或證件的欄位。請用戶重新拍攝。",
    "没有读取到识别持证人或证件的字段。请用户重新拍摄。"
  ),
  EditedByUser: hidden(
    "The user changed what was read. Compare it with the images.",
    "用戶修改了讀取的內容。請與影像核對。",
    "用户修改了读取的内容。请与图像核对。"
  ),
  DiffersFromClaim: hidden(
    "The document says something else than the user typed.",
    "證件內容與用戶填寫的不同。",
    "证件内容与用户填写的不同。"
  ),
  ClaimNotCompared: hidden(
    "What the user typed can't be compared with the document: the field was not read, or is in another script.",
    "無法把用戶填寫的內容與證件比較：沒有讀取到該欄位，或文字不同。",
    "无法把用户填写的内容与证件比较：没有读取到该字段，或文字不同。"
  ),
  FrontAndBackDisagree: hidden(
    "The two sides say different things. Compare the images: they may be of two documents.",
    "證件兩面的內容不同。請核對影像：可能屬於兩張證件。",
    "证件两面的内容不同。请核对图像：可能属于两张证件。"
  ),
  ImageMissing: hidden(
    "An image did not come, is cut off, is none, or is the same for both sides. Ask again while the result is kept.",
    "影像沒有返回、不完整、不是影像，或兩面相同。請在結果保留期內重新查詢。",
    "图像没有返回、不完整、不是图像，或两面相同。请在结果保留期内重新查询。"
  ),
  FieldsUnknown: advice(
    told.FieldsUnknown,
    "The answer has fields that this client does not know. Nothing else is wrong with it.",
    "回應中有此客戶端不認識的欄位，其他沒有問題。",
    "响应中有此客户端不认识的字段，其他没有问题。"
  ),
  OtherEdition: advice(
    told.OtherEdition,
    "The fields have the names of another edition of the service. They were read.",
    "欄位使用此服務另一版本的名稱，已正常讀取。",
    "字段使用此服务另一版本的名称，已正常读取。"
  )
}
