/** The commands `collect` and `report`. */
import type { Chinese } from "./chinese.ts"

export const collecting: Readonly<Record<string, Chinese>> = {
  "Collect the results of many checks into a store": ["把多次认证的结果采集到结果库", "把多次驗證的結果收集到結果庫"],
  "Asks for the result of every id of a list and keeps it: verdict, fields and images.": [
    "查询列表中每个编号的结果并保存：判定、字段和图片。",
    "查詢清單中每個編號的結果並保存：判定、欄位和影像。"
  ],
  "The vendor deletes results after 30 days: the earliest deadline comes first. What is stored is not asked again; a run that ends early, even by kill -9, goes on when it is started again with the same list, or without one. Ctrl-C and SIGTERM let the calls under way end. Several processes can collect into one store at once.":
    [
      "供应商在 30 天后删除结果：最早到期的先查询。已保存的不再查询；提前结束的运行（包括 kill -9），用同一列表或不带列表再次启动即可继续。Ctrl-C 和 SIGTERM 会让进行中的调用结束。多个进程可以同时采集到同一个结果库。",
      "供應商在 30 天後刪除結果：最早到期的先查詢。已保存的不再查詢；提早結束的執行（包括 kill -9），用同一清單或不帶清單再次啟動即可繼續。Ctrl-C 和 SIGTERM 會讓進行中的呼叫結束。多個程序可以同時收集到同一個結果庫。"
    ],
  "CSV needs a heading such as transaction_id; merchant_biz_id, document and authenticated_at (when the user was checked; 'retention' needs it) are used if they are there and can be read, and warned of if they can't. Times are ISO 8601; --time-zone is for those that name no zone. Lines without a usable id are reported with their numbers and written to a file of bad lines; ids without a result are written to a file that is a list for the next run. A list without ids is an error unless --allow-empty.":
    [
      "CSV 需要标题行，例如 transaction_id；如果有 merchant_biz_id、document 和 authenticated_at（用户认证的时间，'retention' 需要它）且可读，就会使用，不可读则警告。时间用 ISO 8601；没有时区的时间由 --time-zone 决定。没有可用编号的行会连同行号报告，并写入坏行文件；没有结果的编号写入另一个文件，可作为下次运行的列表。没有编号的列表是错误，除非使用 --allow-empty。",
      "CSV 需要標題行，例如 transaction_id；如果有 merchant_biz_id、document 和 authenticated_at（用戶驗證的時間，'retention' 需要它）且可讀，就會使用，不可讀則警告。時間用 ISO 8601；沒有時區的時間由 --time-zone 決定。沒有可用編號的行會連同行號報告，並寫入壞行檔案；沒有結果的編號寫入另一個檔案，可作為下次執行的清單。沒有編號的清單是錯誤，除非使用 --allow-empty。"
    ],
  "Where results are: FILE.db (SQLite, the default: cloudauth.db) or postgres://… (better in CLOUDAUTH_STORE, which other users of this machine can't see)":
    [
      "结果库：FILE.db（SQLite，默认 cloudauth.db）或 postgres://…（最好放在 CLOUDAUTH_STORE 中，本机其他用户看不到）",
      "結果庫：FILE.db（SQLite，預設 cloudauth.db）或 postgres://…（最好放在 CLOUDAUTH_STORE 中，本機其他用戶看不到）"
    ],
  "Where images are: DIRECTORY, s3://bucket/prefix or none (default: beside the store)": [
    "图片的位置：DIRECTORY、s3://bucket/prefix 或 none（默认：在结果库旁边）",
    "影像的位置：DIRECTORY、s3://bucket/prefix 或 none（預設：在結果庫旁邊）"
  ],
  "The CSV column of the ids: its heading, or its number from 1 (default: found by its heading)": [
    "CSV 中编号所在的列：标题，或从 1 起的序号（默认：按标题查找）",
    "CSV 中編號所在的欄：標題，或由 1 起的序號（預設：按標題尋找）"
  ],
  "The zone of times in the list that name none: Asia/Hong_Kong, +08:00 or UTC": [
    "列表中没有时区的时间所用的时区：Asia/Hong_Kong、+08:00 或 UTC",
    "清單中沒有時區的時間所用的時區：Asia/Hong_Kong、+08:00 或 UTC"
  ],
  "The list's encoding, for example gb18030 or big5 (default: UTF-8 or UTF-16, by its bytes)": [
    "列表的编码，例如 gb18030 或 big5（默认：UTF-8 或 UTF-16，由字节判断）",
    "清單的編碼，例如 gb18030 或 big5（預設：UTF-8 或 UTF-16，由位元組判斷）"
  ],
  "A list without ids is right; else it is an error": [
    "允许没有编号的列表；否则是错误",
    "允許沒有編號的清單；否則是錯誤"
  ],
  "Keep the verdict and no person's data, no images": [
    "只保存判定，不保存个人数据和图片",
    "只保存判定，不保存個人資料和影像"
  ],
  "Also collect what the backend's transaction store in this database holds: notified, or begun an hour ago": [
    "同时采集此数据库中后端交易库里的交易：已收到回调的，或一小时前发起的",
    "同時收集此資料庫中後端交易庫裏的交易：已收到回調的，或一小時前發起的"
  ],
  "Ask again for all ids that failed before, not only those of the list": [
    "重新查询之前失败的所有编号，不限于列表中的",
    "重新查詢之前失敗的所有編號，不限於清單中的"
  ],
  "How many checks at once (default: 16)": ["同时查询的数量（默认：16）", "同時查詢的數量（預設：16）"],
  "How many requests a second, retries included (default: what the vendor documents for the region)": [
    "每秒请求数，包括重试（默认：供应商文档中该地域的数值）",
    "每秒請求數，包括重試（預設：供應商文件中該地區的數值）"
  ],
  "Where ids without a result go, ready for the next run (default: beside the store)": [
    "没有结果的编号写到哪里，供下次运行使用（默认：在结果库旁边）",
    "沒有結果的編號寫到哪裏，供下次執行使用（預設：在結果庫旁邊）"
  ],
  "Write every result of the store here at the end: facts as JSON, and the images": [
    "结束时把结果库中的每个结果写到这里：JSON 和图片",
    "結束時把結果庫中的每個結果寫到這裏：JSON 和影像"
  ],
  "Write people's data into the JSON files of --export, too": [
    "把个人数据也写入 --export 的 JSON 文件",
    "把個人資料也寫入 --export 的 JSON 檔案"
  ],
  "At the end delete at the vendor what the store holds: Img, Text or All (default: nothing)": [
    "结束时在供应商处删除结果库已有的内容：Img、Text 或 All（默认：不删除）",
    "結束時在供應商處刪除結果庫已有的內容：Img、Text 或 All（預設：不刪除）"
  ],
  "The ids: one a line, or CSV; - for standard input. Left out: go on with what is pending": [
    "编号列表：每行一个，或 CSV；- 表示标准输入。省略：继续采集未完成的",
    "編號清單：每行一個，或 CSV；- 表示標準輸入。省略：繼續收集未完成的"
  ],
  "Into cloudauth.db, images beside it": ["写入 cloudauth.db，图片在旁边", "寫入 cloudauth.db，影像在旁邊"],
  "From the third column, at most 10 requests a second; then JSON files and images in results": [
    "取第三列，每秒最多 10 个请求；然后在 results 中写出 JSON 文件和图片",
    "取第三欄，每秒最多 10 個請求；然後在 results 中寫出 JSON 檔案和影像"
  ],
  "From a pipe, images into object storage": ["从管道读取，图片存入对象存储", "從管道讀取，影像存入物件儲存"],
  "Ask again for what failed": ["重新查询失败的编号", "重新查詢失敗的編號"],
  "Make an HTML page of a collection": ["把采集结果生成 HTML 页面", "把收集結果產生為 HTML 頁面"],
  "Makes one HTML page of a collection, which needs nothing from outside: counts by verdict, sub code and document, rejections and spoof types over time, billed authentications, latency, and a list.":
    [
      "把采集结果生成一个不依赖外部资源的 HTML 页面：按判定、子代码和证件的计数，拒绝和伪造类型随时间的变化，计费认证数，延迟，以及列表。",
      "把收集結果產生為一個不依賴外部資源的 HTML 頁面：按判定、子代碼和證件的計數，拒絕和偽造類型隨時間的變化，收費驗證數，延遲，以及清單。"
    ],
  "No person's data is in it unless --reveal.": [
    "其中没有个人数据，除非使用 --reveal。",
    "當中沒有個人資料，除非使用 --reveal。"
  ],
  "Where the page goes, for the owner's eyes only; - for standard output (default: cloudauth-report.html)": [
    "页面写到哪里，仅所有者可读；- 表示标准输出（默认：cloudauth-report.html）",
    "頁面寫到哪裏，僅擁有者可讀；- 表示標準輸出（預設：cloudauth-report.html）"
  ],
  "How many results are listed, the last collected (default: 200)": [
    "列出多少个最近采集的结果（默认：200）",
    "列出多少個最近收集的結果（預設：200）"
  ],
  "Put people's data into the page: ids, fields and images, which stay blurred until clicked": [
    "把个人数据放入页面：编号、字段和图片；图片点击前是模糊的",
    "把個人資料放入頁面：編號、欄位和影像；影像點擊前是模糊的"
  ],
  "cloudauth-report.html of cloudauth.db": [
    "由 cloudauth.db 生成 cloudauth-report.html",
    "由 cloudauth.db 產生 cloudauth-report.html"
  ],
  "Of another store": ["另一个结果库的页面", "另一個結果庫的頁面"],
  "With people's data, images blurred until clicked": [
    "包含个人数据，图片点击前是模糊的",
    "包含個人資料，影像點擊前是模糊的"
  ],
  "The figures for another program": ["供其他程序使用的数据", "供其他程式使用的數據"]
}
