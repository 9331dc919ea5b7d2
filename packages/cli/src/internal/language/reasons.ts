/** Reasons, rules and other texts that are values in a sentence. `{0}` stands for the first number. */
import type { Chinese } from "./chinese.ts"

export const reasons: Readonly<Record<string, Chinese>> = {
  "Parameter cannot be empty": ["参数不能为空", "參數不能為空"],
  "Invalid parameter": ["参数无效", "參數無效"],
  "Invalid Transaction ID": ["交易编号无效", "交易編號無效"],
  "The RAM user has no permission for ID Verification": [
    "RAM 用户没有 ID Verification 的权限",
    "RAM 用戶沒有 ID Verification 的權限"
  ],
  "ID Verification is not activated, or a payment is overdue": [
    "未开通 ID Verification，或账号欠费",
    "未開通 ID Verification，或帳戶欠費"
  ],
  "API request is blocked due to throttling": ["API 请求被限流", "API 請求被限流"],
  "The entire authentication process is not completed": ["整个认证流程尚未完成", "整個認證流程尚未完成"],
  "Internal system error": ["系统内部错误", "系統內部錯誤"],
  "The service is temporarily unavailable": ["服务暂时不可用", "服務暫時不可用"],
  "The signature was not accepted": ["签名未被接受", "簽名未被接納"],
  "The signature's nonce was used before": ["签名的 nonce 已被使用过", "簽名的 nonce 已被使用過"],
  "The request's date is too far from the server's": [
    "请求的时间与服务器时间相差过大",
    "請求的時間與伺服器時間相差過大"
  ],
  "The access key id does not exist": ["AccessKey ID 不存在", "AccessKey ID 不存在"],
  "The access key is disabled": ["AccessKey 已被禁用", "AccessKey 已被禁用"],
  "The access key was not accepted": ["AccessKey 未被接受", "AccessKey 未被接受"],
  "The account, RAM user or role may not make this call": [
    "该账号、RAM 用户或角色无权进行此调用",
    "該帳戶、RAM 用戶或角色無權進行此呼叫"
  ],
  "The temporary credential has expired": ["临时凭据已过期", "臨時憑證已過期"],
  "The security token is malformed, or belongs to another access key": [
    "安全令牌格式有误，或属于另一个 AccessKey",
    "安全權杖格式有誤，或屬於另一個 AccessKey"
  ],
  "The gateway does not know this action, version or method at this endpoint": [
    "网关在该接入点不支持此接口、版本或请求方法",
    "閘道在該接入點不支援此介面、版本或請求方法"
  ],
  "A response code that this version does not know": ["此版本不认识的响应码", "此版本不認識的回應碼"],
  "An answer without a response code: it did not come from the service": [
    "响应没有响应码：它并非来自服务",
    "回應沒有回應碼：它並非來自服務"
  ],
  "Authentication passed.": ["认证通过。", "認證通過。"],
  "The quality or resolution of the certificate image does not meet requirements, or it is incomplete.": [
    "证件图片的质量或分辨率不符合要求，或图片不完整。",
    "證件影像的質素或解像度不符合要求，或影像不完整。"
  ],
  "Anti-counterfeiting detection indicates risk: the image may be of a screen, a copy or a tampered card.": [
    "防伪检测提示有风险：图片可能是屏幕翻拍、复印件或经篡改的证件。",
    "防偽檢測提示有風險：影像可能是螢幕翻拍、影印本或經篡改的證件。"
  ],
  "The specified certificate type was not detected, or the type could not be identified.": [
    "未检测到指定类型的证件，或无法识别证件类型。",
    "未檢測到指定類型的證件，或無法識別證件類型。"
  ],
  "A sub code that the vendor's page does not list.": ["官方文档没有列出的子代码。", "官方文件沒有列出的子代碼。"],
  "Collect the result by checkResult.": ["请用 checkResult 获取结果。", "請用 checkResult 取得結果。"],
  "The user finished and passed.": ["用户已完成并通过。", "用戶已完成並通過。"],
  "The user finished and did not pass.": ["用户已完成但未通过。", "用戶已完成但未通過。"],
  "Begin again; if it stays, give the request id to support.": [
    "请重新发起；如果问题持续，请把请求编号交给供应商支持。",
    "請重新發起；如果問題持續，請把請求編號交給供應商支援。"
  ],
  "The platform failed.": ["平台出现故障。", "平台出現故障。"],
  "Ask the user to set the device's time automatically.": ["请用户把设备设为自动校时。", "請用戶把裝置設為自動校時。"],
  "The device's clock is off, so the SDK could not start.": [
    "设备时钟不准，SDK 无法启动。",
    "裝置時鐘不準，SDK 無法啟動。"
  ],
  "Explain before the journey why the camera is needed, and offer another device.": [
    "请在开始前说明为何需要摄像头，并提供换用其他设备的选项。",
    "請在開始前說明為何需要鏡頭，並提供換用其他裝置的選項。"
  ],
  "The camera could not be used: no permission, or none there.": [
    "无法使用摄像头：没有授权，或设备没有摄像头。",
    "無法使用鏡頭：沒有授權，或裝置沒有鏡頭。"
  ],
  "Offer to begin again, on a better connection.": ["请让用户在网络更好时重新开始。", "請讓用戶在網絡更好時重新開始。"],
  "The user's network failed.": ["用户的网络出现故障。", "用戶的網絡出現故障。"],
  "Look at the page on which it ended, and offer to begin again.": [
    "请查看用户停在哪个页面，并提供重新开始的选项。",
    "請查看用戶停在哪個頁面，並提供重新開始的選項。"
  ],
  "The user left.": ["用户离开了。", "用戶離開了。"],
  "Check that the client got the id or URL of a new Initialize, and uses it once.": [
    "请检查客户端用的是新的 Initialize 所返回的编号或 URL，并且只用一次。",
    "請檢查客戶端用的是新的 Initialize 所傳回的編號或 URL，並且只用一次。"
  ],
  "The transaction id was not valid.": ["交易编号无效。", "交易編號無效。"],
  "Say which document is needed, or choose docType by what the user has.": [
    "请说明需要哪种证件，或按用户拥有的证件选择 docType。",
    "請說明需要哪種證件，或按用戶擁有的證件選擇 docType。"
  ],
  "The user showed another kind of document.": ["用户出示了另一种证件。", "用戶出示了另一種證件。"],
  "Ask for a picture of the whole document, without reflections.": [
    "请用户拍摄完整的证件，避免反光。",
    "請用戶拍攝完整的證件，避免反光。"
  ],
  "Fields of the document were missing or malformed.": ["证件的字段缺失或格式有误。", "證件的欄位缺失或格式有誤。"],
  "Ask for light, a steady hand and the whole document.": [
    "请用户在光线充足处、手持稳定、拍摄完整的证件。",
    "請用戶在光線充足處、手持穩定、拍攝完整的證件。"
  ],
  "The picture was too poor.": ["图片质量太差。", "影像質素太差。"],
  "Offer another way, for example a person who looks.": [
    "请提供其他方式，例如人工核验。",
    "請提供其他方式，例如人工核驗。"
  ],
  "The user failed too often.": ["用户失败次数过多。", "用戶失敗次數過多。"],
  "Offer another device or the web page.": ["请提供其他设备或网页方式。", "請提供其他裝置或網頁方式。"],
  "The device's Android is too old.": ["设备的 Android 版本过低。", "裝置的 Android 版本過低。"],
  "Offer to begin again.": ["请让用户重新开始。", "請讓用戶重新開始。"],
  "The journey seems to have been broken off.": ["流程似乎被中断。", "流程似乎被中斷。"],
  "a decisive part of the answer stands twice, so no value of it can be trusted": [
    "响应中的关键部分出现两次，任何一个值都不可信",
    "回應中的關鍵部分出現兩次，任何一個值都不可信"
  ],
  "the answer names another transaction or merchantBizId than the request": [
    "响应中的交易或 merchantBizId 与请求不同",
    "回應中的交易或 merchantBizId 與請求不同"
  ],
  "the answer says that the call did not succeed": ["响应表示调用没有成功", "回應表示呼叫沒有成功"],
  "Passed is neither Y nor N": ["Passed 既不是 Y 也不是 N", "Passed 既不是 Y 也不是 N"],
  "the sub code is missing": ["缺少子代码", "缺少子代碼"],
  "Passed and the sub code contradict each other": ["Passed 与子代码互相矛盾", "Passed 與子代碼互相矛盾"],
  "Passed is Y, but the OCR phase did not pass": [
    "Passed 为 Y，但 OCR 阶段没有通过",
    "Passed 為 Y，但 OCR 階段沒有通過"
  ],
  "Passed is Y, but ocrIdPassed is neither Y nor N": [
    "Passed 为 Y，但 ocrIdPassed 既不是 Y 也不是 N",
    "Passed 為 Y，但 ocrIdPassed 既不是 Y 也不是 N"
  ],
  "Passed is Y, but ExtIdInfo is missing": ["Passed 为 Y，但缺少 ExtIdInfo", "Passed 為 Y，但缺少 ExtIdInfo"],
  "Passed is Y, but ExtIdInfo or the fields that were read are no JSON": [
    "Passed 为 Y，但 ExtIdInfo 或读取的字段不是 JSON",
    "Passed 為 Y，但 ExtIdInfo 或讀取的欄位不是 JSON"
  ],
  "Passed is Y, but the anti-spoofing check found a risk": [
    "Passed 为 Y，但防伪检测发现风险",
    "Passed 為 Y，但防偽檢測發現風險"
  ],
  "Passed is Y, but the anti-spoofing result can't be read": [
    "Passed 为 Y，但无法解析防伪检测结果",
    "Passed 為 Y，但無法解析防偽檢測結果"
  ],
  "Passed is Y, but the anti-spoofing check names a type of attack without a result": [
    "Passed 为 Y，但防伪检测给出了攻击类型却没有结果",
    "Passed 為 Y，但防偽檢測給出了攻擊類型卻沒有結果"
  ],
  "Passed is Y, but another verdict in the answer says no": [
    "Passed 为 Y，但响应中的另一个判定为不通过",
    "Passed 為 Y，但回應中的另一個判定為不通過"
  ],
  "Passed is Y, but no field of the document was read": [
    "Passed 为 Y，但没有读取到证件的任何字段",
    "Passed 為 Y，但沒有讀取到證件的任何欄位"
  ],
  "Passed is Y, but there are edited fields and none that were read": [
    "Passed 为 Y，但只有修改过的字段，没有读取的字段",
    "Passed 為 Y，但只有修改過的欄位，沒有讀取的欄位"
  ],
  "Passed is Y, but the fields are not those of the document that was asked for": [
    "Passed 为 Y，但字段不属于所要求的证件",
    "Passed 為 Y，但欄位不屬於所要求的證件"
  ],
  "permission is denied": ["没有权限", "沒有權限"],
  "the quota of this disk is used up": ["磁盘配额已用完", "磁碟配額已用完"],
  "a file of that name is in the way": ["已有同名文件", "已有同名檔案"],
  "it is a directory": ["它是目录", "它是目錄"],
  "too many files are open": ["打开的文件过多", "開啟的檔案過多"],
  "the name is too long": ["名称过长", "名稱過長"],
  "there is no such file or directory": ["没有这个文件或目录", "沒有這個檔案或目錄"],
  "no space is left on the disk": ["磁盘空间不足", "磁碟空間不足"],
  "a part of the path is not a directory": ["路径中的某一部分不是目录", "路徑中的某一部分不是目錄"],
  "the disk cannot be written to": ["磁盘不可写", "磁碟不可寫"],
  "the answer": ["响应", "回應"],
  "its turn to be sent": ["发送的轮次", "發送的輪次"],
  "a credential": ["凭据", "憑證"],
  "a connection": ["连接", "連接"],
  "the rest of the answer": ["响应的其余部分", "回應的其餘部分"],
  "its next retry": ["下一次重试", "下一次重試"],
  "none ended": ["没有完成的轮询", "沒有完成的輪詢"],
  "the database does not accept the user or the password": ["数据库不接受该用户或密码", "資料庫不接受該用戶或密碼"],
  "the user may not do this in the database": ["该用户无权在数据库中进行此操作", "該用戶無權在資料庫中進行此操作"],
  "the database cannot be reached, or ended the connection": [
    "无法连接数据库，或数据库断开了连接",
    "無法連接資料庫，或資料庫斷開了連接"
  ],
  "another process holds the database": ["另一个进程占用了数据库", "另一個程序佔用了資料庫"],
  "the database failed": ["数据库出现故障", "資料庫出現故障"],
  "there is no such database": ["没有这个数据库", "沒有這個資料庫"],
  "the database's host is not known": ["无法解析数据库的主机名", "無法解析資料庫的主機名稱"],
  "the database's certificate is by an authority that is not known here; name yours with sslrootcert=FILE": [
    "数据库证书的签发机构在本机不受信任；请用 sslrootcert=FILE 指定你的 CA 证书",
    "資料庫證書的簽發機構在本機不受信任；請用 sslrootcert=FILE 指定你的 CA 證書"
  ],
  "the database's certificate has expired, or is not valid yet": [
    "数据库证书已过期或尚未生效",
    "資料庫證書已過期或尚未生效"
  ],
  "the database's certificate is for another host; use that name, or sslmode=verify-ca": [
    "数据库证书属于另一个主机；请使用证书中的主机名，或 sslmode=verify-ca",
    "資料庫證書屬於另一個主機；請使用證書中的主機名稱，或 sslmode=verify-ca"
  ],
  "the database offers no TLS; turn it on there (sslmode=disable sends people's data in clear text)": [
    "数据库没有启用 TLS；请在数据库启用（sslmode=disable 会以明文发送个人数据）",
    "資料庫沒有啟用 TLS；請在資料庫啟用（sslmode=disable 會以明文發送個人資料）"
  ],
  "the tables cannot be made": ["无法创建数据表", "無法建立資料表"],
  "a row is not what was written": ["数据行与写入时不符", "資料列與寫入時不符"],
  "images are not kept": ["不保存图片", "不保存影像"],
  "the image is in another store": ["图片在另一个存储中", "影像在另一個儲存庫中"],
  "a non-empty string without control characters: the id that your server stored at Initialize": [
    "非空且没有控制字符的文本：你的服务端在 Initialize 时保存的编号",
    "非空且沒有控制字元的文字：你的伺服器在 Initialize 時保存的編號"
  ],
  "{0} to {1} letters and digits": ["{0} 到 {1} 个字母和数字", "{0} 到 {1} 個字母和數字"],
  "a whole number from {0} to {1}": ["{0} 到 {1} 的整数", "{0} 到 {1} 的整數"],
  "a whole number above {0}": ["大于 {0} 的整数", "大於 {0} 的整數"],
  "public or vpc": [" public 或 vpc", " public 或 vpc"],
  "a URL with a valid host and port": ["主机和端口有效的 URL", "主機和連接埠有效的 URL"],
  "https: (http: is for a loopback host only)": [" https:（http: 仅限本机回环）", " https:（http: 僅限本機回環）"],
  "https://host or https://host:port, without user, path, query or control characters": [
    " https://host 或 https://host:port，不带用户、路径、查询参数或控制字符",
    " https://host 或 https://host:port，不帶用戶、路徑、查詢參數或控制字元"
  ],
  "a number of calls a second, above {0} and up to {1}": [
    "每秒调用数，大于 {0}，至多 {1}",
    "每秒呼叫數，大於 {0}，至多 {1}"
  ],
  "at most {0} bytes": ["至多 {0} 字节", "至多 {0} 位元組"],
  "a JSON object, or a string that holds one, at most {0} levels deep": [
    " JSON 对象或包含 JSON 对象的字符串，至多 {0} 层",
    " JSON 物件或包含 JSON 物件的字串，至多 {0} 層"
  ],
  "Expected a number from {0} to {1}": ["应为 {0} 到 {1} 的数字。", "應為 {0} 到 {1} 的數字。"],
  "Expected a number above {0}": ["应为大于 {0} 的数字。", "應為大於 {0} 的數字。"],
  "Expected a duration such as 90s, 10m, 12h or 90d": [
    "应为时长，例如 90s、10m、12h 或 90d。",
    "應為時長，例如 90s、10m、12h 或 90d。"
  ],
  "no source has an access key": ["所有来源都没有访问密钥", "所有來源都沒有存取密鑰"],
  "no source was to be asked": ["没有可查询的来源", "沒有可查詢的來源"],
  "ALIBABA_CLOUD_CLI_PROFILE_DISABLED is true": [
    "ALIBABA_CLOUD_CLI_PROFILE_DISABLED 为 true",
    "ALIBABA_CLOUD_CLI_PROFILE_DISABLED 為 true"
  ],
  "ALIBABA_CLOUD_ECS_METADATA_DISABLED is true": [
    "ALIBABA_CLOUD_ECS_METADATA_DISABLED 为 true",
    "ALIBABA_CLOUD_ECS_METADATA_DISABLED 為 true"
  ],
  "ALIBABA_CLOUD_CREDENTIALS_URI is no URL: correct it": [
    "ALIBABA_CLOUD_CREDENTIALS_URI 不是 URL：请更正",
    "ALIBABA_CLOUD_CREDENTIALS_URI 不是 URL：請更正"
  ],
  "the file does not exist": ["文件不存在", "檔案不存在"],
  "the file may not be read: change its rights": [
    "没有读取该文件的权限：请修改权限",
    "沒有讀取該檔案的權限：請修改權限"
  ],
  "the path is a directory": ["该路径是目录", "該路徑是目錄"],
  "the host is unknown": ["无法解析主机名", "無法解析主機名稱"],
  "no server listens at the address": ["该地址没有服务在监听", "該地址沒有服務在監聽"],
  "its credential has expired: fetch a new one": ["凭据已过期：请获取新的凭据", "憑證已過期：請取得新的憑證"],
  "failed for an unknown reason: effect-cloudauth doctor asks each source alone": [
    "原因未知：effect-cloudauth doctor 会逐个检查来源",
    "原因未知：effect-cloudauth doctor 會逐個檢查來源"
  ],
  "the answer holds no credential": ["响应中没有凭据", "回應中沒有憑證"],
  "the machine has no role: attach one": ["本机没有角色：请绑定角色", "本機沒有角色：請綁定角色"],
  "timed out": ["超时", "逾時"],
  "the home directory is unknown: set HOME": ["主目录未知：请设置 HOME", "主目錄未知：請設定 HOME"],
  "the profile is missing, or has no type: name it in ALIBABA_CLOUD_PROFILE or add it": [
    "没有该 profile，或其中没有 type：请在 ALIBABA_CLOUD_PROFILE 中指定或添加",
    "沒有該 profile，或其中沒有 type：請在 ALIBABA_CLOUD_PROFILE 中指定或加入"
  ],
  "the profile's mode is not supported: choose another profile by ALIBABA_CLOUD_PROFILE": [
    "不支持该 profile 的 mode：请用 ALIBABA_CLOUD_PROFILE 选择另一个",
    "不支援該 profile 的 mode：請用 ALIBABA_CLOUD_PROFILE 選擇另一個"
  ],
  "it has no column of the name given with --column; it has {0} of other names": [
    "没有 --column 给出的列；共有 {0} 个其他名称的列",
    "沒有 --column 給出的欄；共有 {0} 個其他名稱的欄"
  ],
  "it has no column {0}, but {1} of them; --column counts from {2}": [
    "没有第 {0} 列，共 {1} 列；--column 从 {2} 起计",
    "沒有第 {0} 欄，共 {1} 欄；--column 從 {2} 起計"
  ],
  "it does not say which column holds the transaction ids; name it with --column": [
    "没有说明哪一列是交易编号；请用 --column 指定",
    "沒有說明哪一欄是交易編號；請用 --column 指定"
  ],
  "its quotes do not fit": ["引号不匹配", "引號不相符"],
  "the quotes in this line do not fit": ["此行的引号不匹配", "此行的引號不相符"],
  "it is a spreadsheet (.xlsx) or a ZIP file: save the sheet as CSV": [
    "它是电子表格（.xlsx）或 ZIP 文件：请把工作表另存为 CSV",
    "它是試算表（.xlsx）或 ZIP 檔案：請把工作表另存為 CSV"
  ],
  "it is a spreadsheet (.xls): save the sheet as CSV": [
    "它是电子表格（.xls）：请把工作表另存为 CSV",
    "它是試算表（.xls）：請把工作表另存為 CSV"
  ],
  "it is compressed: unpack it with gzip -d": ["它是压缩文件：请用 gzip -d 解压", "它是壓縮檔案：請用 gzip -d 解壓縮"],
  "it is compressed: unpack it with zstd -d": ["它是压缩文件：请用 zstd -d 解压", "它是壓縮檔案：請用 zstd -d 解壓縮"],
  "it is a PDF: export the ids as CSV": ["它是 PDF：请把编号导出为 CSV", "它是 PDF：請把編號匯出為 CSV"],
  "it is UTF-32 text: save it as UTF-8": ["它是 UTF-32 文本：请另存为 UTF-8", "它是 UTF-32 文字：請另存為 UTF-8"],
  "it is no text: export the ids as text, one a line, or as CSV": [
    "它不是文本：请把编号导出为文本（每行一个）或 CSV",
    "它不是文字：請把編號匯出為文字（每行一個）或 CSV"
  ],
  "it cannot be read": ["无法读取", "無法讀取"],
  "the encoding of --encoding is not known; utf-8, gb18030 and big5 are": [
    "不认识 --encoding 给出的编码；可用 utf-8、gb18030、big5 等",
    "不認識 --encoding 給出的編碼；可用 utf-8、gb18030、big5 等"
  ],
  "no transaction id in this line": ["此行没有交易编号", "此行沒有交易編號"],
  "the transaction id is longer than {0} characters": ["交易编号超过 {0} 个字符", "交易編號超過 {0} 個字元"],
  "the line is not UTF-8 text; name its encoding with --encoding": [
    "此行不是 UTF-8 文本；请用 --encoding 指定编码",
    "此行不是 UTF-8 文字；請用 --encoding 指定編碼"
  ],
  "the transaction id holds white space or characters that cannot be seen": [
    "交易编号中有空白或不可见字符",
    "交易編號中有空白或不可見字元"
  ],
  "a spreadsheet has made a number of the transaction id; format the column as text and export again": [
    "电子表格把交易编号变成了数字；请把该列设为文本格式后重新导出",
    "試算表把交易編號變成了數字；請把該欄設為文字格式後重新匯出"
  ],
  "it is not 1 to 32 letters and digits; another one is made up": [
    "不是 1 到 32 个字母和数字；将自动生成一个",
    "不是 1 到 32 個字母和數字；將自動產生一個"
  ],
  "it names no document of this service: write one of the names that --document takes, its title, or its DocType code":
    [
      "不是此服务的证件：请写 --document 可用的名称、证件标题或 DocType 代码",
      "不是此服務的證件：請寫 --document 可用的名稱、證件標題或 DocType 代碼"
    ],
  "it is no time that can only be read in one way: write ISO 8601 with an offset, for example 2026-11-20T08:00:00+08:00":
    [
      "时间写法有歧义：请用带偏移的 ISO 8601，例如 2026-11-20T08:00:00+08:00",
      "時間寫法有歧義：請用帶偏移的 ISO 8601，例如 2026-11-20T08:00:00+08:00"
    ],
  "there is no such time: write ISO 8601 with an offset, for example 2026-11-20T08:00:00+08:00": [
    "没有这个时间：请用带偏移的 ISO 8601，例如 2026-11-20T08:00:00+08:00",
    "沒有這個時間：請用帶偏移的 ISO 8601，例如 2026-11-20T08:00:00+08:00"
  ],
  "it has no time zone: name its zone with --time-zone, for example Asia/Hong_Kong": [
    "没有时区：请用 --time-zone 指定，例如 Asia/Hong_Kong",
    "沒有時區：請用 --time-zone 指定，例如 Asia/Hong_Kong"
  ],
  "the clocks of --time-zone were changed then, so it happened twice or never: add the offset": [
    "--time-zone 的时区当时正在调整时钟，该时间出现两次或不存在：请加上偏移",
    "--time-zone 的時區當時正在調整時鐘，該時間出現兩次或不存在：請加上偏移"
  ],
  "has no time of day: it is read as 00:00 UTC, or of the zone that --time-zone names": [
    "没有时刻：按 00:00 UTC 或 --time-zone 时区的 00:00 处理",
    "沒有時刻：按 00:00 UTC 或 --time-zone 時區的 00:00 處理"
  ],
  "the bucket is in another region (CLOUDAUTH_S3_REGION)": [
    "存储桶在另一个地域（CLOUDAUTH_S3_REGION）",
    "儲存桶在另一個地區（CLOUDAUTH_S3_REGION）"
  ],
  "not JSON": ["不是 JSON", "不是 JSON"],
  "not an entry of this format": ["不是此格式的条目", "不是此格式的條目"],
  "upstream must be an https: URL": ["upstream 必须是 https: 地址", "upstream 必須是 https: 地址"],
  "adminToken must be at least 16 visible ASCII characters.": [
    "令牌必须是至少 16 个可见的 ASCII 字符。",
    "權杖必須是至少 16 個可見的 ASCII 字元。"
  ],
  flag: ["选项", "選項"],
  environment: ["环境变量", "環境變數"],
  file: ["文件", "檔案"],
  default: ["默认值", "預設值"],
  text: ["文本", "文字"]
}

/** Texts of Effect's parser and of SQLite, and those that are put together: no literal of a source has their English. */
export const foreign: Readonly<Record<string, Chinese>> = {
  "~/.aliyun/config.json does not exist: run aliyun configure": [
    "~/.aliyun/config.json 不存在：请运行 aliyun configure",
    "~/.aliyun/config.json 不存在：請執行 aliyun configure"
  ],
  "~/.aliyun/config.json has no profiles: run aliyun configure": [
    "~/.aliyun/config.json 中没有 profile：请运行 aliyun configure",
    "~/.aliyun/config.json 中沒有 profile：請執行 aliyun configure"
  ],
  "~/.aliyun/config.json is not JSON: correct it, or run aliyun configure": [
    "~/.aliyun/config.json 不是 JSON：请更正，或运行 aliyun configure",
    "~/.aliyun/config.json 不是 JSON：請更正，或執行 aliyun configure"
  ],
  integer: ["整数", "整數"],
  string: ["文本", "文字"],
  "Expected an integer": ["应为整数。", "應為整數。"],
  "Expected a string representing a finite number": ["应为数字。", "應為數字。"],
  "Expected a valid JSON string": ["不是有效的 JSON。", "不是有效的 JSON。"],
  "database or disk is full": ["数据库或磁盘已满", "資料庫或磁碟已滿"],
  "database is locked": ["数据库被锁定", "資料庫被鎖定"],
  "unable to open database file": ["无法打开数据库文件", "無法開啟資料庫檔案"],
  "attempt to write a readonly database": ["数据库是只读的", "資料庫是唯讀的"],
  "file is not a database": ["文件不是数据库", "檔案不是資料庫"],
  "database disk image is malformed": ["数据库文件已损坏", "資料庫檔案已損壞"]
}
