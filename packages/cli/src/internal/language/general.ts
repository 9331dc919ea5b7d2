/** The program, and the commands `check`, `log` and `doctor`. */
import type { Chinese } from "./chinese.ts"

export const general: Readonly<Record<string, Chinese>> = {
  "Alibaba Cloud ID Verification from the command line: one check, whole collections, reports, diagnosis.": [
    "在命令行中使用阿里云 ID Verification：查询单个结果、批量采集、报告、诊断。",
    "在指令行中使用阿里雲 ID Verification：查詢單個結果、批量收集、報告、診斷。"
  ],
  "The access key comes from ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET or the vendor's default chain ('doctor' shows which). Settings come from flags, else from the environment (CLOUDAUTH_CONFIG, CLOUDAUTH_REGION, CLOUDAUTH_NETWORK, CLOUDAUTH_ENDPOINT, CLOUDAUTH_STORE, CLOUDAUTH_IMAGES, CLOUDAUTH_S3_ENDPOINT, CLOUDAUTH_S3_REGION, CLOUDAUTH_CONCURRENCY, CLOUDAUTH_QPS), else from a file. NO_COLOR is honoured; --completions bash|zsh|fish|powershell prints a script for the shell.":
    [
      "访问密钥来自 ALIBABA_CLOUD_ACCESS_KEY_ID 和 ALIBABA_CLOUD_ACCESS_KEY_SECRET，或供应商的默认凭据链（'doctor' 显示来源）。设置取自选项，其次是环境变量（CLOUDAUTH_CONFIG、CLOUDAUTH_REGION、CLOUDAUTH_NETWORK、CLOUDAUTH_ENDPOINT、CLOUDAUTH_STORE、CLOUDAUTH_IMAGES、CLOUDAUTH_S3_ENDPOINT、CLOUDAUTH_S3_REGION、CLOUDAUTH_CONCURRENCY、CLOUDAUTH_QPS），再次是配置文件。支持 NO_COLOR；--completions bash|zsh|fish|powershell 打印 shell 的补全脚本。",
      "存取密鑰來自 ALIBABA_CLOUD_ACCESS_KEY_ID 和 ALIBABA_CLOUD_ACCESS_KEY_SECRET，或供應商的預設憑證鏈（'doctor' 顯示來源）。設定取自選項，其次是環境變數（CLOUDAUTH_CONFIG、CLOUDAUTH_REGION、CLOUDAUTH_NETWORK、CLOUDAUTH_ENDPOINT、CLOUDAUTH_STORE、CLOUDAUTH_IMAGES、CLOUDAUTH_S3_ENDPOINT、CLOUDAUTH_S3_REGION、CLOUDAUTH_CONCURRENCY、CLOUDAUTH_QPS），再次是設定檔。支援 NO_COLOR；--completions bash|zsh|fish|powershell 列印 shell 的補全指令稿。"
    ],
  "A JSON file of settings (default: ~/.config/effect-cloudauth/config.json, and over it effect-cloudauth.json)": [
    "JSON 配置文件（默认：~/.config/effect-cloudauth/config.json，effect-cloudauth.json 优先于它）",
    "JSON 設定檔（預設：~/.config/effect-cloudauth/config.json，effect-cloudauth.json 優先於它）"
  ],
  "cn-hongkong (default), ap-southeast-1, ap-southeast-3 or ap-southeast-5": [
    "地域：cn-hongkong（默认）、ap-southeast-1、ap-southeast-3 或 ap-southeast-5",
    "地區：cn-hongkong（預設）、ap-southeast-1、ap-southeast-3 或 ap-southeast-5"
  ],
  "vpc from inside the vendor's network (default: public)": [
    "在供应商内网中用 vpc（默认：public）",
    "在供應商內網中用 vpc（預設：public）"
  ],
  "Another endpoint, for a proxy or the emulator; in place of --region and --network": [
    "另一个接入点，用于代理或模拟器；代替 --region 和 --network",
    "另一個接入點，用於代理或模擬器；代替 --region 和 --network"
  ],
  "The language of help and advice (default: by LC_ALL, LC_MESSAGES or LANG)": [
    "帮助和建议的语言（默认：由 LC_ALL、LC_MESSAGES 或 LANG 决定）",
    "說明和建議的語言（預設：由 LC_ALL、LC_MESSAGES 或 LANG 決定）"
  ],
  "Print nothing but what was asked for": ["只打印所请求的内容", "只列印所請求的內容"],
  "Print what helps to understand; logs go to standard error": [
    "打印有助于理解的信息；日志写到标准错误",
    "列印有助於理解的資訊；日誌寫到標準錯誤"
  ],
  "Show help information": ["显示帮助", "顯示說明"],
  "Show version information": ["显示版本", "顯示版本"],
  "Start wizard mode for a command": ["以向导方式填写命令", "以精靈方式填寫指令"],
  "Print shell completion script": ["打印 shell 补全脚本", "列印 shell 補全指令稿"],
  "Is this machine set up?": ["本机是否已配置好？", "本機是否已設定好？"],
  "One result": ["查询一个结果", "查詢一個結果"],
  "Many results, and a page of them": ["采集多个结果，并生成页面", "收集多個結果，並產生頁面"],
  "What will be lost soon?": ["哪些结果即将丢失？", "哪些結果即將遺失？"],
  "Completions for the shell": ["shell 补全", "shell 補全"],
  "Ask for the result of one check": ["查询一次认证的结果", "查詢一次驗證的結果"],
  "Asks for the result of one check and ends with an exit code that scripts can use.": [
    "查询一次认证的结果，并以脚本可用的退出码结束。",
    "查詢一次驗證的結果，並以指令稿可用的退出碼結束。"
  ],
  "A person's data is masked unless --reveal. --out writes everything that came.": [
    "个人数据会被遮盖，除非使用 --reveal。--out 写出收到的全部内容。",
    "個人資料會被遮蓋，除非使用 --reveal。--out 寫出收到的全部內容。"
  ],
  "Which document was asked for at Initialize": ["Initialize 时要求的证件", "Initialize 時要求的證件"],
  "A pass ends with 0 only if no finding speaks against the document, such as an expiry in the past.": [
    "只有在没有发现对证件不利（例如证件已过期）时，通过才以 0 结束。",
    "只有在沒有發現對證件不利（例如證件已過期）時，通過才以 0 結束。"
  ],
  "Your own id of this check, 1 to 32 letters and digits; made up if left out": [
    "本次认证的业务编号，1 到 32 个字母和数字；省略时自动生成",
    "本次驗證的業務編號，1 至 32 個字母和數字；省略時自動產生"
  ],
  "Ask again until the user has finished": ["重复查询，直到用户完成", "重複查詢，直至用戶完成"],
  "How long --wait waits, for example 90s (default: 10m)": [
    "--wait 等待多久，例如 90s（默认：10m）",
    "--wait 等待多久，例如 90s（預設：10m）"
  ],
  "Print JSON instead of text": ["打印 JSON 而非文本", "列印 JSON 而非文字"],
  "Show a person's data": ["显示个人数据", "顯示個人資料"],
  "Write the whole result and the images here, unmasked, for the owner's eyes only": [
    "把完整结果和图片写到这里，不遮盖，仅所有者可读",
    "把完整結果和影像寫到這裏，不遮蓋，僅擁有者可讀"
  ],
  "The id that Initialize returned and your server stored": [
    "Initialize 返回、由你的服务端保存的交易编号",
    "Initialize 傳回、由你的伺服器儲存的交易編號"
  ],
  "Is this document accepted?": ["这份证件是否通过？", "這份證件是否通過？"],
  "Name the document and show what was read": ["指定证件，并显示读到的字段", "指定證件，並顯示讀到的欄位"],
  "Wait for the user, then print JSON": ["等待用户完成，然后打印 JSON", "等待用戶完成，然後列印 JSON"],
  "Keep the result and the images": ["保存结果和图片", "保存結果和影像"],
  "Ask why a user did not finish": ["查询用户为何没有完成", "查詢用戶為何沒有完成"],
  "Asks for the log that the vendor's client SDK reported: the page at which the user stopped, and why. It holds no person's data and is not billed.":
    [
      "查询供应商客户端 SDK 上报的日志：用户停在哪个页面，以及原因。其中没有个人数据，也不计费。",
      "查詢供應商客戶端 SDK 上報的日誌：用戶停在哪個頁面，以及原因。當中沒有個人資料，也不收費。"
    ],
  "Ask when the user's 30 minutes are over, because the reports come late, and within 30 days.": [
    "请在用户的 30 分钟结束之后、30 天之内查询，因为上报会延迟。",
    "請在用戶的 30 分鐘結束之後、30 天之內查詢，因為上報會延遲。"
  ],
  "Your own id of this check, as Initialize had it; made up if left out": [
    "本次认证的业务编号，与 Initialize 时相同；省略时自动生成",
    "本次驗證的業務編號，與 Initialize 時相同；省略時自動產生"
  ],
  "Where did this user stop?": ["这位用户停在哪里？", "這位用戶停在哪裏？"],
  "Find out why calls would fail on this machine": ["查明本机上的调用为何会失败", "查明本機上的呼叫為何會失敗"],
  "Looks at settings, access key (and its source), endpoints, clock, permission and quota, and says how to mend what is wrong.":
    [
      "检查设置、访问密钥及其来源、接入点、时钟、权限和配额，并说明如何修正。",
      "檢查設定、存取密鑰及其來源、接入點、時鐘、權限和配額，並說明如何修正。"
    ],
  "Permission and quota are tried with invented transaction ids: no result is read, and no authentication is billed. Ends with the exit code of the first thing that is wrong.":
    [
      "权限和配额用不存在的交易编号测试：不读取任何结果，也不产生认证费用。以第一个问题的退出码结束。",
      "權限和配額用不存在的交易編號測試：不讀取任何結果，也不產生驗證費用。以第一個問題的退出碼結束。"
    ],
  "Ask nothing over the network": ["不访问网络", "不存取網絡"],
  "How many requests the look at the quota sends at once; 0 for none (default: 3)": [
    "检查配额时同时发送的请求数；0 表示不检查（默认：3）",
    "檢查配額時同時發送的請求數；0 表示不檢查（預設：3）"
  ],
  "Look at everything": ["检查全部", "檢查全部"],
  "Before moving into the vendor's network": ["迁入供应商内网之前", "遷入供應商內網之前"],
  "In a container's start-up check": ["用于容器的启动检查", "用於容器的啟動檢查"]
}
