/** The Chinese of the advice in the table of response codes. The type demands a translation of each. */
import type { table } from "../../ResponseCode.ts"
import { type Chinese, zh } from "./texts.ts"

type Known = typeof table

export const responses: Readonly<Record<Known[keyof Known]["advice"], Chinese>> = {
  "Give every required parameter: merchantBizId and transactionId.": zh(
    "請填寫所有必需的參數：merchantBizId 和 transactionId。",
    "请填写所有必需的参数：merchantBizId 和 transactionId。"
  ),
  "Compare the request with the vendor's page; the server's own words are in serverMessage.": zh(
    "請將請求與官方文件核對；伺服器的原話在 serverMessage 中。",
    "请将请求与官方文档核对；服务器的原话在 serverMessage 中。"
  ),
  "Check that the endpoint is a cloudauth-intl endpoint of a region that offers ID Verification.": zh(
    "請檢查接入點是否為 cloudauth-intl 的接入點，且所在地區提供 ID Verification。",
    "请检查接入点是否为 cloudauth-intl 的接入点，且所在地域提供 ID Verification。"
  ),
  "Use the transaction id that Initialize returned and your server stored, in the same region, within 30 days; never one from the user's device.":
    zh(
      "請使用由 Initialize 傳回並由你的伺服器儲存的交易編號，在同一地區、30 天內查詢；絕不能使用來自用戶裝置的交易編號。",
      "请使用由 Initialize 返回并由你的服务端保存的交易编号，在同一地域、30 天内查询；绝不能使用来自用户设备的交易编号。"
    ),
  "Grant the RAM user the AliyunAntCloudAuthFullAccess permission.": zh(
    "請為 RAM 用戶授予 AliyunAntCloudAuthFullAccess 權限。",
    "请为 RAM 用户授予 AliyunAntCloudAuthFullAccess 权限。"
  ),
  "Activate ID Verification in the console and settle overdue payments.": zh(
    "請在控制台開通 ID Verification，並結清欠費。",
    "请在控制台开通 ID Verification，并结清欠费。"
  ),
  "Stay below the account's QPS quota (a QPS limiter helps), or ask the vendor for a larger one.": zh(
    "請將呼叫頻率控制在帳戶的 QPS 配額以內（可使用 QPS 限流器），或向供應商申請更大的配額。",
    "请将调用频率控制在账号的 QPS 配额以内（可使用 QPS 限流器），或向供应商申请更大的配额。"
  ),
  "The user has not finished; ask again later (awaitResult does) or wait for the callback.": zh(
    "用戶尚未完成；請稍後再查詢（awaitResult 會自動輪詢），或等待回調。",
    "用户尚未完成；请稍后再查询（awaitResult 会自动轮询），或等待回调。"
  ),
  "Try again later; if it stays, give the request id to the vendor's support.": zh(
    "請稍後重試；如果問題持續，請把請求編號交給供應商支援。",
    "请稍后重试；如果问题持续，请把请求编号交给供应商支持。"
  ),
  "Try again later; if it stays, look at the vendor's status page.": zh(
    "請稍後重試；如果問題持續，請查看供應商的服務狀態頁。",
    "请稍后重试；如果问题持续，请查看供应商的服务状态页。"
  ),
  "Check that the access key secret belongs to the access key id, and that no proxy changes the request.": zh(
    "請檢查 AccessKey Secret 與 AccessKey ID 是否相符，以及代理是否改動了請求。",
    "请检查 AccessKey Secret 与 AccessKey ID 是否匹配，以及代理是否改动了请求。"
  ),
  "Every attempt has its own nonce, so something sent this request twice: an HttpClient that repeats requests (such as `retryTransient`), or a proxy.":
    zh(
      "每次嘗試都有各自的 nonce，因此有組件把這個請求發送了兩次：可能是會重複請求的 HttpClient（例如 `retryTransient`），也可能是代理。",
      "每次尝试都有各自的 nonce，因此有组件把这个请求发送了两次：可能是会重复请求的 HttpClient（例如 `retryTransient`），也可能是代理。"
    ),
  "Synchronise this machine's clock (NTP). The client corrects the skew once from the server's Date header.": zh(
    "請同步本機時鐘（NTP）。客戶端會根據伺服器的 Date 回應頭校正一次時間偏差。",
    "请同步本机时钟（NTP）。客户端会根据服务器的 Date 响应头校正一次时间偏差。"
  ),
  "Check the access key id, and that it belongs to the international site's account.": zh(
    "請檢查 AccessKey ID 是否正確，以及它是否屬於國際站帳戶。",
    "请检查 AccessKey ID 是否正确，以及它是否属于国际站账号。"
  ),
  "Enable the access key in the RAM console, or use another.": zh(
    "請在 RAM 控制台啟用該 AccessKey，或改用另一個。",
    "请在 RAM 控制台启用该 AccessKey，或改用另一个。"
  ),
  "Use credentials that refresh themselves (Credentials.layerRefreshing); the client refreshes once.": zh(
    "請使用能自動更新的憑證（Credentials.layerRefreshing）；客戶端會更新一次。",
    "请使用能自动刷新的凭据（Credentials.layerRefreshing）；客户端会刷新一次。"
  ),
  "Give the access key id, the secret and the security token of the same temporary credential.": zh(
    "請使用同一個臨時憑證的 AccessKey ID、AccessKey Secret 和安全權杖（SecurityToken）。",
    "请使用同一个临时凭据的 AccessKey ID、AccessKey Secret 和安全令牌（SecurityToken）。"
  )
}
