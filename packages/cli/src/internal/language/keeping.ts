/** The commands `retention` and `emulator`. */
import type { Chinese } from "./chinese.ts"

export const keeping: Readonly<Record<string, Chinese>> = {
  "What the vendor will delete soon; and deleting what is kept, here or there": [
    "供应商即将删除的结果；以及删除本地或供应商处保存的内容",
    "供應商即將刪除的結果；以及刪除本地或供應商處保存的內容"
  ],
  "Lists the ids of a collection that have no result yet and whose result the vendor deletes soon: 30 days after the user was checked. For exact times the list given to 'collect' needs a column such as authenticated_at.":
    [
      "列出尚无结果、且供应商即将删除其结果的编号：删除在用户认证 30 天之后。要得到准确时间，给 'collect' 的列表需要 authenticated_at 这样的列。",
      "列出尚無結果、且供應商即將刪除其結果的編號：刪除在用戶驗證 30 天之後。要得到準確時間，給 'collect' 的清單需要 authenticated_at 這樣的欄。"
    ],
  "Ends with code 41 where something is due, so that a daily job can raise an alarm.": [
    "有即将到期的编号时以退出码 41 结束，每日任务可以据此报警。",
    "有即將到期的編號時以退出碼 41 結束，每日工作可據此發出警報。"
  ],
  "How far to look ahead (default: 7d)": ["向前看多久（默认：7d）", "向前看多久（預設：7d）"],
  "Write the ids that are due here, as a list for collect": [
    "把即将到期的编号写到这里，作为 collect 的列表",
    "把即將到期的編號寫到這裏，作為 collect 的清單"
  ],
  "What is lost in the next five days?": ["未来五天会丢失什么？", "未來五天會遺失甚麼？"],
  "Collect what is due": ["采集即将到期的结果", "收集即將到期的結果"],
  "Delete what was collected longer ago than an age": ["删除超过一定时间的采集结果", "刪除超過一定時間的收集結果"],
  "Deletes results and images that were collected longer ago than an age. The ids stay unless --forget, so that they are not asked again.":
    [
      "删除超过一定时间的结果和图片。编号会保留（除非使用 --forget），以免再次查询。",
      "刪除超過一定時間的結果和影像。編號會保留（除非使用 --forget），以免再次查詢。"
    ],
  "Delete what was collected longer ago than this, for example 90d": [
    "删除早于此时间采集的内容，例如 90d",
    "刪除早於此時間收集的內容，例如 90d"
  ],
  "Only say what would be deleted": ["只说明会删除什么", "只說明會刪除甚麼"],
  "Forget the transaction ids, too; a later collect of the same list would ask for them again": [
    "同时忘记交易编号；以后采集同一列表时会再次查询",
    "同時忘記交易編號；日後收集同一清單時會再次查詢"
  ],
  "What would be deleted?": ["会删除什么？", "會刪除甚麼？"],
  "Delete it": ["删除", "刪除"],
  "Delete at the vendor what is stored here": ["在供应商处删除本地已保存的内容", "在供應商處刪除本地已保存的內容"],
  "Deletes at the vendor what this store holds, before the vendor's 30 days are over. What is stored here stays. It can't be undone.":
    [
      "在供应商的 30 天期限之前，在供应商处删除此结果库已有的内容。本地内容保留。此操作无法撤销。",
      "在供應商的 30 天期限之前，在供應商處刪除此結果庫已有的內容。本地內容保留。此操作無法復原。"
    ],
  "Each deletion that the vendor confirms leaves a tombstone in the store: time, type and request id ('retention tombstones'). What has one is not asked for again. A deletion whose answer was lost is not repeated at once: run the command again.":
    [
      "供应商确认的每次删除都会在结果库中留下删除记录：时间、类型和请求编号（'retention tombstones'）。有记录的不再请求删除。丢失响应的删除不会立即重复：请再次运行命令。",
      "供應商確認的每次刪除都會在結果庫中留下刪除記錄：時間、類型和請求編號（'retention tombstones'）。有記錄的不再要求刪除。遺失回應的刪除不會立即重複：請再次執行指令。"
    ],
  "What to delete at the vendor: Img (the images), Text (the rest) or All": [
    "在供应商处删除什么：Img（图片）、Text（其余内容）或 All",
    "在供應商處刪除甚麼：Img（影像）、Text（其餘內容）或 All"
  ],
  "Only what was collected longer ago than this (default: all)": [
    "只删除早于此时间采集的内容（默认：全部）",
    "只刪除早於此時間收集的內容（預設：全部）"
  ],
  "Delete the images at the vendor": ["在供应商处删除图片", "在供應商處刪除影像"],
  "The proof of what was deleted at the vendor": ["供应商处删除内容的证明", "供應商處刪除內容的證明"],
  "Lists what was deleted at the vendor: transaction id, type, when it was asked for and confirmed, and the vendor's request id. No person's data. Without a time of confirmation the answer is not known.":
    [
      "列出在供应商处删除的内容：交易编号、类型、请求和确认的时间，以及供应商的请求编号。没有个人数据。没有确认时间表示响应未知。",
      "列出在供應商處刪除的內容：交易編號、類型、請求和確認的時間，以及供應商的請求編號。沒有個人資料。沒有確認時間表示回應未知。"
    ],
  "Write them here as CSV, with whole transaction ids": [
    "以 CSV 写到这里，包含完整的交易编号",
    "以 CSV 寫到這裏，包含完整的交易編號"
  ],
  "The proof for an auditor": ["给审计人员的证明", "給審計人員的證明"],
  "Start a local stand-in for the service": ["启动服务的本地模拟器", "啟動服務的本機模擬器"],
  "A local CheckResult service that checks signatures and answers by scenario": [
    "本地 CheckResult 服务，验证签名，按场景返回结果",
    "本機 CheckResult 服務，驗證簽名，按情境傳回結果"
  ],
  "The port to listen on; 0 takes a free one (default: 8787)": [
    "监听的端口；0 表示任一空闲端口（默认：8787）",
    "監聽的連接埠；0 表示任一閒置連接埠（預設：8787）"
  ],
  "The address to listen on, 0.0.0.0 in a container (default: 127.0.0.1)": [
    "监听的地址，在容器中用 0.0.0.0（默认：127.0.0.1）",
    "監聽的地址，在容器中用 0.0.0.0（預設：127.0.0.1）"
  ],
  "People, images, request ids and faults are drawn from it": [
    "人物、图片、请求编号和故障由此种子生成",
    "人物、影像、請求編號和故障由此種子產生"
  ],
  "Calls a second of one operation before Throttling.Api": [
    "一个操作每秒的调用数，超过即返回 Throttling.Api",
    "一個操作每秒的呼叫數，超過即傳回 Throttling.Api"
  ],
  "Milliseconds that a user whom Initialize started takes; left out: until told": [
    "Initialize 发起的用户完成所需的毫秒数；省略：直到收到指令",
    "Initialize 發起的用戶完成所需的毫秒數；省略：直至收到指令"
  ],
  "Fault rules as a JSON array": ["故障规则，JSON 数组", "故障規則，JSON 陣列"],
  "A PEM file; with --tls-cert the service speaks HTTPS": [
    "PEM 文件；与 --tls-cert 一起使用时服务使用 HTTPS",
    "PEM 檔案；與 --tls-cert 一起使用時服務使用 HTTPS"
  ],
  "A PEM file": ["PEM 文件", "PEM 檔案"],
  "What the admin API asks for; left out: nothing on the loopback, else a random token that is printed. Better in CLOUDAUTH_EMULATOR_ADMIN_TOKEN, which other users of this machine can't see":
    [
      "管理 API 要求的令牌；省略：本机回环上不要求，否则打印一个随机令牌。最好放在 CLOUDAUTH_EMULATOR_ADMIN_TOKEN 中，本机其他用户看不到",
      "管理 API 要求的權杖；省略：本機回環上不要求，否則列印一個隨機權杖。最好放在 CLOUDAUTH_EMULATOR_ADMIN_TOKEN 中，本機其他用戶看不到"
    ],
  "A further name by which the admin API may be called; can be given more than once": [
    "可用来调用管理 API 的其他主机名；可以给出多次",
    "可用來呼叫管理 API 的其他主機名稱；可以給出多次"
  ],
  "A recording to answer from": ["用来应答的录制文件", "用來應答的錄製檔案"],
  "On 127.0.0.1:8787, with the lines that point a program at it": [
    "在 127.0.0.1:8787 上，并打印让程序连接它的环境变量",
    "在 127.0.0.1:8787 上，並列印讓程式連接它的環境變數"
  ],
  "Users who finish after three seconds": ["用户在三秒后完成", "用戶在三秒後完成"],
  "A proxy that records real answers, masked unless --reveal": [
    "录制真实响应的代理，默认遮盖，除非使用 --reveal",
    "錄製真實回應的代理，預設遮蓋，除非使用 --reveal"
  ],
  "The real endpoint": ["真实的接入点", "真實的接入點"],
  "Where the answers go": ["响应写到哪里", "回應寫到哪裏"],
  "Write people's data and images as they came": ["按原样写出个人数据和图片", "按原樣寫出個人資料和影像"]
}
