/** What `check`, `log` and `doctor` show, and why a call failed, by template. */
import type { Chinese } from "./chinese.ts"

export const showing: Readonly<Record<string, Chinese>> = {
  "{0} ({1})": ["{0}（{1}）", "{0}（{1}）"],
  "{0}; {1}": ["{0}；{1}", "{0}；{1}"],
  "{0}\n{1}": ["{0}\n{1}", "{0}\n{1}"],
  "{0}\n  {1}": ["{0}\n  {1}", "{0}\n  {1}"],
  "{0}: {1} ({2}).": ["{0}：{1}（{2}）。", "{0}：{1}（{2}）。"],
  "The user finished": ["用户已完成", "用戶已完成"],
  "The user stopped": ["用户中途停止", "用戶中途停止"],
  "The user has not started, or nothing is reported yet": ["用户尚未开始，或尚无上报", "用戶尚未開始，或尚無上報"],
  "The log does not say how far the user came": ["日志没有说明用户进行到哪一步", "日誌沒有說明用戶進行到哪一步"],
  "{0} at {1}": ["{0}，页面 {1}", "{0}，頁面 {1}"],
  reason: ["原因", "原因"],
  advice: ["建议", "建議"],
  camera: ["摄像头", "鏡頭"],
  "refused by the user": ["用户拒绝授权", "用戶拒絕授權"],
  edits: ["修改次数", "修改次數"],
  transaction: ["交易", "交易"],
  "merchant id": ["业务编号", "業務編號"],
  "request id": ["请求编号", "請求編號"],
  "sub code": ["子代码", "子代碼"],
  document: ["证件", "證件"],
  "spoof front": ["正面防伪", "正面防偽"],
  "spoof back": ["背面防伪", "背面防偽"],
  "image {0}": ["图片 {0}", "影像 {0}"],
  "{0}, {1} bytes": ["{0}，{1} 字节", "{0}，{1} 位元組"],
  "not read": ["未读取", "未讀取"],
  "unreadable: the service sent something that is no JSON object": [
    "无法解析：服务发来的不是 JSON 对象",
    "無法解析：服務發來的不是 JSON 物件"
  ],
  "its fields fit several kinds; name it with --document": [
    "字段符合多种证件；请用 --document 指定",
    "欄位符合多種證件；請用 --document 指定"
  ],
  "{0} (inferred)": ["{0}（推断）", "{0}（推斷）"],
  "not checked: it was not requested at Initialize": ["未检测：Initialize 时没有要求", "未檢測：Initialize 時沒有要求"],
  "not reported": ["未上报", "未上報"],
  "unknown: the service sends the same for a check that was not requested": [
    "未知：未要求检测时服务返回的内容相同",
    "未知：未要求檢測時服務傳回的內容相同"
  ],
  "no risk found": ["未发现风险", "未發現風險"],
  RISK: ["有风险", "有風險"],
  "billing of the authentication unknown": ["未知是否计费", "未知是否收費"],
  "billed authentication": ["计费认证", "收費驗證"],
  "authentication not billed": ["不计费", "不收費"],
  "(not read)": ["（未读取）", "（未讀取）"],
  "(changed by hand)": ["（用户手动修改）", "（用戶手動修改）"],
  "Read on the front": ["正面读取的内容", "正面讀取的內容"],
  "As the person changed it": ["用户修改后的内容", "用戶修改後的內容"],
  "Read on the back": ["背面读取的内容", "背面讀取的內容"],
  "! {0}: expected {1}": ["! {0}：应为 {1}", "! {0}：應為 {1}"],
  "the answer": ["响应", "回應"],
  "Fields are masked; --reveal shows them.": ["字段已遮盖；使用 --reveal 显示。", "欄位已遮蓋；使用 --reveal 顯示。"],
  "{0} ({1}), {2} network ({3})": ["{0}（{1}），{2} 网络（{3}）", "{0}（{1}），{2} 網絡（{3}）"],
  "no configuration file": ["没有配置文件", "沒有設定檔"],
  "configuration file {0}": ["配置文件 {0}", "設定檔 {0}"],
  settings: ["设置", "設定"],
  credentials: ["凭据", "憑證"],
  clock: ["时钟", "時鐘"],
  permission: ["权限", "權限"],
  quota: ["配额", "配額"],
  endpoint: ["接入点", "接入點"],
  "{0} endpoint": ["{0} 接入点", "{0} 接入點"],
  runtime: ["运行环境", "執行環境"],
  network: ["网络", "網絡"],
  "Node {0}, {1} {2}": ["Node {0}，{1} {2}", "Node {0}，{1} {2}"],
  "{0}: no answer in 8 seconds": ["{0}：8 秒内没有响应", "{0}：8 秒內沒有回應"],
  "long-lived": ["长期", "長期"],
  "temporary, expiry unknown": ["临时，到期时间未知", "臨時，到期時間未知"],
  "temporary, {0} minutes left": ["临时，剩 {0} 分钟", "臨時，剩 {0} 分鐘"],
  "access key {0} from {1} ({2})": ["访问密钥 {0}，来自 {1}（{2}）", "存取密鑰 {0}，來自 {1}（{2}）"],
  "no access key": ["没有访问密钥", "沒有存取密鑰"],
  "{0} cannot be reached ({1})": ["无法连接 {0}（{1}）", "無法連接 {0}（{1}）"],
  "{0} answers (HTTP {1}, {2} ms)": ["{0} 有响应（HTTP {1}，{2} ms）", "{0} 有回應（HTTP {1}，{2} ms）"],
  "the answer is too large": ["响应过大", "回應過大"],
  "the answer has an unknown content coding": ["响应使用了未知的内容编码", "回應使用了未知的內容編碼"],
  "not compared: no answer with a date": ["未比较：没有带时间的响应", "未比較：沒有帶時間的回應"],
  "this machine's clock is {0} s behind the server's": ["本机时钟比服务器慢 {0} 秒", "本機時鐘比伺服器慢 {0} 秒"],
  "this machine's clock is {0} s ahead of the server's": ["本机时钟比服务器快 {0} 秒", "本機時鐘比伺服器快 {0} 秒"],
  "the access key may ask for results": ["该访问密钥可以查询结果", "該存取密鑰可以查詢結果"],
  "the access key may ask for results (answer: {0})": [
    "该访问密钥可以查询结果（响应：{0}）",
    "該存取密鑰可以查詢結果（回應：{0}）"
  ],
  "not known: the account is throttled now": ["未知：账号目前被限流", "未知：帳戶目前被限流"],
  "{0} requests at once were not throttled": ["同时发出的 {0} 个请求没有被限流", "同時發出的 {0} 個請求沒有被限流"],
  "{0} of {1} requests at once were throttled ({2})": [
    "同时发出的 {1} 个请求中有 {0} 个被限流（{2}）",
    "同時發出的 {1} 個請求中有 {0} 個被限流（{2}）"
  ],
  "{0}; try collect --qps {1}": ["{0}；请尝试 collect --qps {1}", "{0}；請嘗試 collect --qps {1}"],
  "{0}; the server asks to wait {1} ms": ["{0}；服务器要求等待 {1} ms", "{0}；伺服器要求等待 {1} ms"],
  "not looked at (--offline)": ["未检查（--offline）", "未檢查（--offline）"],
  "not looked at: it needs an access key and the endpoint": [
    "未检查：需要访问密钥和接入点",
    "未檢查：需要存取密鑰和接入點"
  ],
  "WaitTimedOut: no result in time ({0} polls, the last: {1}).": [
    "WaitTimedOut：等待期内没有结果（轮询 {0} 次，最后一次：{1}）。",
    "WaitTimedOut：等待期內沒有結果（輪詢 {0} 次，最後一次：{1}）。"
  ],
  "the connection failed": ["连接失败", "連接失敗"],
  "the connection failed: {0}": ["连接失败：{0}", "連接失敗：{0}"],
  "the proxy {0} refused with status {1}": ["代理 {0} 拒绝，状态码 {1}", "代理 {0} 拒絕，狀態碼 {1}"],
  "expected {0} at the top of the answer": ["响应顶层应为{0}", "回應頂層應為{0}"],
  "expected {0} at {1}": ["{1} 处应为{0}", "{1} 處應為{0}"],
  "the user did not finish in time": ["用户没有及时完成", "用戶沒有及時完成"],
  "the result is no longer kept": ["结果已不再保留", "結果已不再保留"],
  "{0} calls wait already, so this one's turn would come in {1} ms, after its limit of {2} ms": [
    "已有 {0} 个调用在等待，轮到此调用还需 {1} ms，超过其时限 {2} ms",
    "已有 {0} 個呼叫在等待，輪到此呼叫還需 {1} ms，超過其時限 {2} ms"
  ],
  "the attempt took longer than {0} ms; it was waiting for {1}": [
    "单次尝试超过 {0} ms；当时在等待{1}",
    "單次嘗試超過 {0} ms；當時在等待{1}"
  ],
  "the call took longer than {0} ms; it was waiting for {1}": [
    "调用超过 {0} ms；当时在等待{1}",
    "呼叫超過 {0} ms；當時在等待{1}"
  ],
  "{0}: {1} not set": ["{0}：未设置 {1}", "{0}：未設定 {1}"],
  "code {0}": ["响应码 {0}", "回應碼 {0}"],
  "request {0}": ["请求 {0}", "請求 {0}"],
  "not sent": ["未发送", "未發送"],
  "1 attempt": ["尝试 1 次", "嘗試 1 次"],
  "{0} attempts": ["尝试 {0} 次", "嘗試 {0} 次"]
}
