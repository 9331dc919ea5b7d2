/** Errors and notes, by template. */
import type { Chinese } from "./chinese.ts"

export const sentences: Readonly<Record<string, Chinese>> = {
  "There is no flag {0}.": ["没有选项 {0}。", "沒有選項 {0}。"],
  "There is no subcommand {0}.": ["没有子命令 {0}。", "沒有子指令 {0}。"],
  "The flag {0} belongs to {1} and to {2}.": ["选项 {0} 同时属于 {1} 和 {2}。", "選項 {0} 同時屬於 {1} 和 {2}。"],
  "The flag --{0} is missing.": ["缺少选项 --{0}。", "缺少選項 --{0}。"],
  "The argument {0} is missing.": ["缺少参数 {0}。", "缺少參數 {0}。"],
  "The command takes no further argument: {0}.": ["该命令不接受更多参数：{0}。", "該指令不接受更多參數：{0}。"],
  "{0}\n\n  Did you mean this?\n    {1}": ["{0}\n\n  是否想输入：\n    {1}", "{0}\n\n  是否想輸入：\n    {1}"],
  "{0} has no value.": ["{0} 没有值。", "{0} 沒有值。"],
  "{0} can't be {1}.": ["{0} 不能是 {1}。", "{0} 不能是 {1}。"],
  "{0} Expected: {1}": ["{0}应为：{1}", "{0}應為：{1}"],
  "--quiet and --verbose exclude each other.": [
    "--quiet 和 --verbose 不能同时使用。",
    "--quiet 和 --verbose 不能同時使用。"
  ],
  "See {0} --help": ["参见 {0} --help", "參見 {0} --help"],
  "Set ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET to the real credentials, and ALIBABA_CLOUD_SECURITY_TOKEN if they are temporary.":
    [
      "请把 ALIBABA_CLOUD_ACCESS_KEY_ID 和 ALIBABA_CLOUD_ACCESS_KEY_SECRET 设为真实的访问密钥；如果是临时密钥，还要设置 ALIBABA_CLOUD_SECURITY_TOKEN。",
      "請把 ALIBABA_CLOUD_ACCESS_KEY_ID 和 ALIBABA_CLOUD_ACCESS_KEY_SECRET 設為真實的存取密鑰；如果是臨時密鑰，還要設定 ALIBABA_CLOUD_SECURITY_TOKEN。"
    ],
  "The recorder cannot start: {0}": ["无法启动录制：{0}", "無法啟動錄製：{0}"],
  "--replay: line {0} of the recording is {1}.": [
    "--replay：录制文件第 {0} 行{1}。",
    "--replay：錄製檔案第 {0} 行{1}。"
  ],
  "Cannot listen on {0}:{1} ({2}): key and certificate must be PEM and belong together.": [
    "无法监听 {0}:{1}（{2}）：私钥和证书必须是 PEM 并且匹配。",
    "無法監聽 {0}:{1}（{2}）：私鑰和證書必須是 PEM 並且相符。"
  ],
  "Cannot listen on {0}:{1} ({2}): choose another port (0 takes a free one) or host.": [
    "无法监听 {0}:{1}（{2}）：请换一个端口（0 表示任一空闲端口）或主机。",
    "無法監聽 {0}:{1}（{2}）：請換一個連接埠（0 表示任一閒置連接埠）或主機。"
  ],
  "Give --tls-key and --tls-cert together, or neither.": [
    "--tls-key 和 --tls-cert 要么一起给出，要么都不给出。",
    "--tls-key 和 --tls-cert 要麼一起給出，要麼都不給出。"
  ],
  "--{0}: the file cannot be read ({1}): {2}": ["--{0}：无法读取文件（{1}）：{2}", "--{0}：無法讀取檔案（{1}）：{2}"],
  "Requests go to {0}, which is none of the vendor's known endpoints ({1} set by {2}).": [
    "请求发往 {0}，它不是供应商的已知接入点（{1} 由 {2} 设置）。",
    "請求發往 {0}，它不是供應商的已知接入點（{1} 由 {2} 設定）。"
  ],
  "The setting {0}.": ["设置有误：{0}。", "設定有誤：{0}。"],
  "{0} must be {1}": ["{0} 必须是{1}", "{0} 必須是{1}"],
  "{0} must be {1}.": ["{0} 必须是{1}。", "{0} 必須是{1}。"],
  "Asking {0} as {1}": ["向 {0} 查询，业务编号 {1}", "向 {0} 查詢，業務編號 {1}"],
  "Written to {0}": ["已写入 {0}", "已寫入 {0}"],
  "The result": ["结果", "結果"],
  "The export": ["导出的文件", "匯出的檔案"],
  "The list": ["列表", "清單"],
  "The tombstones": ["删除记录", "刪除記錄"],
  "Standard input": ["标准输入", "標準輸入"],
  "{0} cannot be written: {1}.": ["写入失败（{0}）：{1}。", "寫入失敗（{0}）：{1}。"],
  "{0} cannot be read: {1}.": ["无法读取 {0}：{1}。", "無法讀取 {0}：{1}。"],
  "{0}, line {1}, cannot be used: {2}.": ["无法使用 {0} 第 {1} 行：{2}。", "無法使用 {0} 第 {1} 行：{2}。"],
  "{0} has no transaction id. Look at the program that wrote it; --allow-empty if it is right that there are none.": [
    "{0} 中没有交易编号。请检查写出它的程序；如果本来就没有编号，请使用 --allow-empty。",
    "{0} 中沒有交易編號。請檢查寫出它的程式；如果本來就沒有編號，請使用 --allow-empty。"
  ],
  "--time-zone {0} is no time zone: write its name (Asia/Hong_Kong) or its offset (+08:00).": [
    "--time-zone {0} 不是时区：请写时区名（Asia/Hong_Kong）或偏移（+08:00）。",
    "--time-zone {0} 不是時區：請寫時區名（Asia/Hong_Kong）或偏移（+08:00）。"
  ],
  "Line {0} is left out: {1}.": ["第 {0} 行被忽略：{1}。", "第 {0} 行被忽略：{1}。"],
  "… and {0} more bad lines, in {1}": ["… 另有 {0} 个坏行，见 {1}", "… 另有 {0} 個壞行，見 {1}"],
  "Line {0}": ["第 {0} 行", "第 {0} 行"],
  "Line {0} and {1} more": ["第 {0} 行及另外 {1} 行", "第 {0} 行及另外 {1} 行"],
  "{0}: {1} is not used: {2}.": ["{0}：{1} 未使用：{2}。", "{0}：{1} 未使用：{2}。"],
  "The store failed at '{0}': {1}.": ["结果库在操作 '{0}' 中失败：{1}。", "結果庫在操作 '{0}' 中失敗：{1}。"],
  "The store of images failed at '{0}': {1}.": [
    "图片存储在操作 '{0}' 中失败：{1}。",
    "影像儲存庫在操作 '{0}' 中失敗：{1}。"
  ],
  "The store of transactions failed at '{0}'.": ["交易库在操作 '{0}' 中失败。", "交易庫在操作 '{0}' 中失敗。"],
  "{0} of the store of transactions are new": ["交易库中有 {0} 个新编号", "交易庫中有 {0} 個新編號"],
  "The store has no name.": ["没有给出结果库的名称。", "沒有給出結果庫的名稱。"],
  "A store in memory would be gone when this command ends; name a file.": [
    "内存中的结果库会在命令结束时消失；请指定文件。",
    "記憶體中的結果庫會在指令結束時消失；請指定檔案。"
  ],
  "A store is FILE.db or postgres://…, not {0}…": [
    "结果库应为 FILE.db 或 postgres://…，而不是 {0}…",
    "結果庫應為 FILE.db 或 postgres://…，而不是 {0}…"
  ],
  "A directory can't be a store: collect into FILE.db, and let collect --export DIRECTORY write files.": [
    "目录不能作为结果库：请采集到 FILE.db，并用 collect --export DIRECTORY 写出文件。",
    "目錄不能作為結果庫：請收集到 FILE.db，並用 collect --export DIRECTORY 寫出檔案。"
  ],
  "There is no collection at {0}; name it with --store.": [
    "{0} 处没有采集结果；请用 --store 指定。",
    "{0} 處沒有收集結果；請用 --store 指定。"
  ],
  "The tombstones cannot be read or written: look at the store's database.": [
    "无法读写删除记录：请检查结果库的数据库。",
    "無法讀寫刪除記錄：請檢查結果庫的資料庫。"
  ],
  "PostgreSQL: {0}": ["PostgreSQL：{0}", "PostgreSQL：{0}"],
  "{0} stands in the URL {1} times; leave one.": [
    "{0} 在 URL 中出现了 {1} 次；请只保留一个。",
    "{0} 在 URL 中出現了 {1} 次；請只保留一個。"
  ],
  "{0} cannot be used.": ["无法使用 {0}。", "無法使用 {0}。"],
  "{0}={1} is refused: it falls back to clear text. Write verify-full, or disable if clear text is right.": [
    "拒绝 {0}={1}：它可能退回明文。请写 verify-full；如果确实要用明文，请写 disable。",
    "拒絕 {0}={1}：它可能退回明文。請寫 verify-full；如果確實要用明文，請寫 disable。"
  ],
  "{0} must be one of {1}.": ["{0} 必须是以下之一：{1}。", "{0} 必須是以下之一：{1}。"],
  "the file of {0} cannot be read ({1}): {2}": ["无法读取 {0} 的文件（{1}）：{2}", "無法讀取 {0} 的檔案（{1}）：{2}"],
  "the file of {0} has no PEM text of the right kind: {1}": [
    "{0} 的文件中没有所需的 PEM 内容：{1}",
    "{0} 的檔案中沒有所需的 PEM 內容：{1}"
  ],
  "the URL cannot be read: postgres://user:password@host:5432/database.": [
    "无法解析 URL，格式应为 postgres://user:password@host:5432/database。",
    "無法解析 URL，格式應為 postgres://user:password@host:5432/database。"
  ],
  "the URL's {0} is not honoured here; {1} are.": [
    "此处不支持 URL 中的 {0}；支持 {1}。",
    "此處不支援 URL 中的 {0}；支援 {1}。"
  ],
  "sslcert and sslkey need each other.": ["sslcert 和 sslkey 必须同时给出。", "sslcert 和 sslkey 必須同時給出。"],
  "{0} has no effect without TLS: set sslmode=verify-full, or leave it out.": [
    "没有 TLS 时 {0} 不起作用：请设置 sslmode=verify-full，或去掉它。",
    "沒有 TLS 時 {0} 不起作用：請設定 sslmode=verify-full，或去掉它。"
  ],
  "{0} has a value that cannot be used.": ["无法使用 {0} 的值。", "無法使用 {0} 的值。"],
  "Images go to object storage: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (or CLOUDAUTH_S3_…).": [
    "图片存入对象存储：请设置 AWS_ACCESS_KEY_ID 和 AWS_SECRET_ACCESS_KEY（或 CLOUDAUTH_S3_…）。",
    "影像存入物件儲存：請設定 AWS_ACCESS_KEY_ID 和 AWS_SECRET_ACCESS_KEY（或 CLOUDAUTH_S3_…）。"
  ],
  "With a PostgreSQL store, name the place of the images: --images DIRECTORY, s3://bucket/prefix or none.": [
    "使用 PostgreSQL 结果库时请指定图片的位置：--images DIRECTORY、s3://bucket/prefix 或 none。",
    "使用 PostgreSQL 結果庫時請指定影像的位置：--images DIRECTORY、s3://bucket/prefix 或 none。"
  ],
  "Images: an object storage is named s3://bucket/prefix, with a prefix of letters, digits and !_.*'()=- between single slashes, and no part . or ..; not {0}.":
    [
      "图片：对象存储应写作 s3://bucket/prefix，前缀由字母、数字和 !_.*'()=- 组成，以单个斜杠分隔，不能有 . 或 .. 部分；{0} 不符合。",
      "影像：物件儲存應寫作 s3://bucket/prefix，前綴由字母、數字和 !_.*'()=- 組成，以單個斜槓分隔，不能有 . 或 .. 部分；{0} 不符合。"
    ],
  "CLOUDAUTH_S3_ENDPOINT must be an https:// URL (http:// on loopback only).": [
    "CLOUDAUTH_S3_ENDPOINT 必须是 https:// 地址（http:// 仅限本机回环）。",
    "CLOUDAUTH_S3_ENDPOINT 必須是 https:// 地址（http:// 僅限本機回環）。"
  ],
  "is no JSON.": ["不是 JSON。", "不是 JSON。"],
  "is no JSON from line {0} on.": ["从第 {0} 行起不是 JSON。", "從第 {0} 行起不是 JSON。"],
  "must be a JSON object.": ["必须是 JSON 对象。", "必須是 JSON 物件。"],
  "{0} is no setting. Settings are {1}; secrets belong elsewhere.": [
    "{0} 不是设置项。设置项有 {1}；机密不应放在这里。",
    "{0} 不是設定項。設定項有 {1}；機密不應放在這裏。"
  ],
  "cannot be read: {0}.": ["无法读取：{0}。", "無法讀取：{0}。"],
  "a file of the working directory can't set {0}: it decides where access keys, images or results go. Set {1}, move the key to {2}, or name this file with --config.":
    [
      "工作目录中的文件不能设置 {0}：它决定访问密钥、图片或结果的去向。请设置 {1}，把该项移到 {2}，或用 --config 指定此文件。",
      "工作目錄中的檔案不能設定 {0}：它決定存取密鑰、影像或結果的去向。請設定 {1}，把該項移到 {2}，或用 --config 指定此檔案。"
    ],
  "region to anything but {0}": ["region（{0} 之外的值）", "region（{0} 之外的值）"],
  "there is no such file.": ["没有这个文件。", "沒有這個檔案。"],
  "{0} in the settings file": ["配置文件中的 {0}", "設定檔中的 {0}"],
  "{0} has no effect beside {1}, which names the whole host. Leave one of them out.": [
    "{1} 已指定整个主机，{0} 不起作用。请去掉其中一个。",
    "{1} 已指定整個主機，{0} 不起作用。請去掉其中一個。"
  ],
  "--reveal has no effect without --export.": [
    "没有 --export 时 --reveal 不起作用。",
    "沒有 --export 時 --reveal 不起作用。"
  ],
  "--reveal and --verdicts-only contradict each other.": [
    "--reveal 和 --verdicts-only 互相矛盾。",
    "--reveal 和 --verdicts-only 互相矛盾。"
  ],
  "{0} to collect into {1} ({2} new, {3} of the list are there already, {4} repeated, {5} bad lines)": [
    "{0} 个编号将采集到 {1}（新增 {2}，列表中已有 {3}，重复 {4}，坏行 {5}）",
    "{0} 個編號將收集到 {1}（新增 {2}，清單中已有 {3}，重複 {4}，壞行 {5}）"
  ],
  "{0} that had failed are asked again": ["重新查询之前失败的 {0} 个编号", "重新查詢之前失敗的 {0} 個編號"],
  "Interrupted. Calls under way have ended, and what came is stored; run it again to go on.": [
    "已中断。进行中的调用已结束，收到的结果已保存；再次运行即可继续。",
    "已中斷。進行中的呼叫已結束，收到的結果已保存；再次執行即可繼續。"
  ],
  "Stopped, and can be continued. {0}": ["已停止，可以继续。{0}", "已停止，可以繼續。{0}"],
  "Stored {0} in {1} ({2}/s): {3} passed, {4} rejected, {5} inconclusive; {6} billed authentications": [
    "已保存 {0} 个，用时 {1}（每秒 {2} 个）：通过 {3}，不通过 {4}，无定论 {5}；计费认证 {6} 次",
    "已保存 {0} 個，用時 {1}（每秒 {2} 個）：通過 {3}，不通過 {4}，無定論 {5}；收費驗證 {6} 次"
  ],
  "in the store": ["结果库", "結果庫"],
  "{0} results, {1} pending, {2} failed": ["结果 {0}，未完成 {1}，失败 {2}", "結果 {0}，未完成 {1}，失敗 {2}"],
  retries: ["重试", "重試"],
  "{0}, throttled {1} times": ["{0} 次，被限流 {1} 次", "{0} 次，被限流 {1} 次"],
  "{0} left pending": ["{0} 个仍未完成", "{0} 個仍未完成"],
  "{0} failed": ["{0} 个失败", "{0} 個失敗"],
  exported: ["已导出", "已匯出"],
  "{0} results, {1} images": ["结果 {0}，图片 {1}", "結果 {0}，影像 {1}"],
  "at the vendor": ["供应商处", "供應商處"],
  "failed ids": ["失败编号", "失敗編號"],
  "bad lines": ["坏行", "壞行"],
  "{0}, in {1}": ["{0} 行，见 {1}", "{0} 行，見 {1}"],
  "{0} deleted, {1} deleted before, {2} no longer known": [
    "已删除 {0}，之前已删除 {1}，供应商已不认识 {2}",
    "已刪除 {0}，之前已刪除 {1}，供應商已不認識 {2}"
  ],
  "{0} not confirmed: {1}": ["{0} 个未确认：{1}", "{0} 個未確認：{1}"],
  "passed {0}": ["通过 {0}", "通過 {0}"],
  "rejected {0}": ["不通过 {0}", "不通過 {0}"],
  "inconclusive {0}": ["无定论 {0}", "無定論 {0}"],
  "failed {0}": ["失败 {0}", "失敗 {0}"],
  "left pending {0}": ["未完成 {0}", "未完成 {0}"],
  "throttled {0}×": ["限流 {0} 次", "限流 {0} 次"],
  "{0} days": ["{0} 天", "{0} 天"],
  "{0} h": ["{0} 小时", "{0} 小時"],
  "{0} min": ["{0} 分钟", "{0} 分鐘"],
  "{0} s": ["{0} 秒", "{0} 秒"],
  "{0} ids at {1}/s need {2}.": ["{0} 个编号，每秒 {1} 个，需要 {2}。", "{0} 個編號，每秒 {1} 個，需要 {2}。"],
  "{0} ids at {1}/s need {2}; the first expire in {3}.": [
    "{0} 个编号，每秒 {1} 个，需要 {2}；最早的在 {3}后到期。",
    "{0} 個編號，每秒 {1} 個，需要 {2}；最早的在 {3}後到期。"
  ],
  "{0} {1} ids will expire before their turn.": [
    "{0}有 {1} 个编号会在轮到之前到期。",
    "{0}有 {1} 個編號會在輪到之前到期。"
  ],
  "{0} {1} ids should have expired already: they come last.": [
    "{0}有 {1} 个编号应已到期，排在最后。",
    "{0}有 {1} 個編號應已到期，排在最後。"
  ],
  "No id would be late at {0} calls a second: ask the vendor for a higher quota and set it, and let nothing else use the account meanwhile. A second process does not help, as it shares the quota. The earliest deadlines come first, so as few as possible are lost.":
    [
      "每秒 {0} 次调用即可全部赶上：请向供应商申请更高的配额并设置，期间不要让其他程序使用该账号。第二个进程没有帮助，因为配额是共用的。最早到期的先查询，以尽量减少损失。",
      "每秒 {0} 次呼叫即可全部趕上：請向供應商申請更高的配額並設定，期間不要讓其他程式使用該帳戶。第二個程序沒有幫助，因為配額是共用的。最早到期的先查詢，以儘量減少損失。"
    ],
  "Would delete {0} results collected before {1}, and {2} images ({3} MB)": [
    "将删除 {1} 之前采集的 {0} 个结果和 {2} 张图片（{3} MB）",
    "將刪除 {1} 之前收集的 {0} 個結果和 {2} 張影像（{3} MB）"
  ],
  "Deleted {0} results collected before {1}, and {2} images ({3} MB)": [
    "已删除 {1} 之前采集的 {0} 个结果和 {2} 张图片（{3} MB）",
    "已刪除 {1} 之前收集的 {0} 個結果和 {2} 張影像（{3} MB）"
  ],
  "{0} days left": ["剩 {0} 天", "剩 {0} 天"],
  "{0} hours left": ["剩 {0} 小时", "剩 {0} 小時"],
  "{0} without a result will be deleted by the vendor before {1}; {2} are gone, {3} have longer": [
    "{0} 个没有结果的编号将在 {1} 之前被供应商删除；{2} 个已被删除，{3} 个时间更长",
    "{0} 個沒有結果的編號將在 {1} 之前被供應商刪除；{2} 個已被刪除，{3} 個時間更長"
  ],
  "{0} at most: the list does not say when the user was checked": [
    "最多{0}：列表没有说明用户何时认证",
    "最多{0}：清單沒有說明用戶何時驗證"
  ],
  "  {0}  {1} ({2})  {3}": ["  {0}  {1}（{2}）  {3}", "  {0}  {1}（{2}）  {3}"],
  "failed before": ["之前失败", "之前失敗"],
  "not asked yet": ["尚未查询", "尚未查詢"],
  "  … and {0} more; --out FILE writes all": [
    "  … 另有 {0} 个；用 --out FILE 写出全部",
    "  … 另有 {0} 個；用 --out FILE 寫出全部"
  ],
  "Collect them with: effect-cloudauth collect --retry-failed": [
    "采集命令：effect-cloudauth collect --retry-failed",
    "收集指令：effect-cloudauth collect --retry-failed"
  ],
  "{0} at the vendor, if it were no dry run: {1}": [
    "供应商处的 {0}（试运行，未实际删除）：{1}",
    "供應商處的 {0}（試行，未實際刪除）：{1}"
  ],
  "{0} at the vendor: {1}": ["供应商处的 {0}：{1}", "供應商處的 {0}：{1}"],
  "{0} deletions confirmed by the vendor, {1} not": [
    "供应商已确认 {0} 次删除，未确认 {1} 次",
    "供應商已確認 {0} 次刪除，未確認 {1} 次"
  ],
  "{0}: {1}": ["{0}：{1}", "{0}：{1}"],
  "--{0}: {1}": ["--{0}：{1}", "--{0}：{1}"],
  "{0}, {1}": ["{0}，{1}", "{0}，{1}"],
  "{0} {1}": ["{0}{1}", "{0}{1}"],
  "{0}: {1} {2}.": ["{0}：{1} {2}。", "{0}：{1} {2}。"],
  "{0}.": ["{0}。", "{0}。"]
}
