/** What the exit codes mean, and what to do about errors at a terminal. */
import type { Chinese } from "./chinese.ts"

export const outcomes: Readonly<Record<string, Chinese>> = {
  "passed, or done as asked": ["通过，或已按要求完成", "通過，或已按要求完成"],
  "a fault of this program, or of the machine": ["本程序或本机的故障", "本程式或本機的故障"],
  "the command line, the configuration or the input is wrong": ["命令行、配置或输入有误", "指令行、設定或輸入有誤"],
  "the verdict is a rejection": ["判定为不通过", "判定為不通過"],
  "passed, but a finding speaks against the document; let a person decide": [
    "已通过，但有发现对该证件不利；请由人工判断",
    "已通過，但有發現對該證件不利；請由人手判斷"
  ],
  "the answer is incomplete, contradicts itself or is about something else; let a person decide": [
    "响应不完整、自相矛盾或与本交易无关；请由人工决定",
    "回應不完整、自相矛盾或與本交易無關；請由人手決定"
  ],
  "the user has not finished": ["用户尚未完成", "用戶尚未完成"],
  "the service does not know the transaction id, or no longer": [
    "服务不认识或已不再保留该交易编号",
    "服務不認識或已不再保留該交易編號"
  ],
  "a parameter is refused, here or by the service": ["参数在本地或被服务拒绝", "參數在本地或被服務拒絕"],
  "no access key, or one that the service does not accept": [
    "没有访问密钥，或服务不接受该密钥",
    "沒有存取密鑰，或服務不接受該密鑰"
  ],
  "the account or the RAM user may not use ID Verification": [
    "账号或 RAM 用户无权使用 ID Verification",
    "帳戶或 RAM 用戶無權使用 ID Verification"
  ],
  "this machine's clock is off": ["本机时钟不准", "本機時鐘不準"],
  "above the account's quota, after all retries": ["重试后仍超出账号的配额", "重試後仍超出帳戶的配額"],
  "no answer in time": ["没有及时收到响应", "沒有及時收到回應"],
  "the service cannot be reached": ["无法连接服务", "無法連接服務"],
  "the service has failed": ["服务出现故障", "服務出現故障"],
  "an answer that is not as documented": ["响应与文档不符", "回應與文件不符"],
  "some ids have no result: the file of failed ids has those that failed, the next run asks for the pending ones": [
    "有些编号没有结果：失败的在失败编号文件中，未完成的由下次运行查询",
    "有些編號沒有結果：失敗的在失敗編號檔案中，未完成的由下次執行查詢"
  ],
  "results will be deleted by the vendor and are not collected": [
    "供应商将删除尚未采集的结果",
    "供應商將刪除尚未收集的結果"
  ],
  "the vendor did not confirm some deletions; run it again": [
    "供应商没有确认部分删除；请再次运行",
    "供應商沒有確認部分刪除；請再次執行"
  ],
  "the store, or a file, cannot be read or written": ["结果库或文件无法读写", "結果庫或檔案無法讀寫"],
  "ended by a signal; what was stored stays, run it again to go on": [
    "被信号终止；已保存的内容保留，再次运行即可继续",
    "被信號終止；已保存的內容保留，再次執行即可繼續"
  ],
  "The user has not finished: ask again later, or with --wait.": [
    "用户尚未完成：请稍后再查询，或使用 --wait。",
    "用戶尚未完成：請稍後再查詢，或使用 --wait。"
  ],
  "Set ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET, or configure the vendor's CLI (aliyun configure).\nTo try without a key, run effect-cloudauth emulator and set what it prints.":
    [
      "请设置 ALIBABA_CLOUD_ACCESS_KEY_ID 和 ALIBABA_CLOUD_ACCESS_KEY_SECRET，或配置供应商的 CLI（aliyun configure）。\n没有密钥也可试用：运行 effect-cloudauth emulator，并设置它打印的环境变量。",
      "請設定 ALIBABA_CLOUD_ACCESS_KEY_ID 和 ALIBABA_CLOUD_ACCESS_KEY_SECRET，或設定供應商的 CLI（aliyun configure）。\n沒有密鑰也可試用：執行 effect-cloudauth emulator，並設定它列印的環境變數。"
    ],
  "ID Verification is known to be offered in cn-hongkong, ap-southeast-1, ap-southeast-3, ap-southeast-5; correct the region unless the vendor named this one.":
    [
      "已知提供 ID Verification 的地域是 cn-hongkong、ap-southeast-1、ap-southeast-3、ap-southeast-5；除非供应商指定了此地域，请更正。",
      "已知提供 ID Verification 的地區是 cn-hongkong、ap-southeast-1、ap-southeast-3、ap-southeast-5；除非供應商指定了此地區，請更正。"
    ],
  "Set ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET, or configure the vendor's CLI (aliyun configure). To try without a key, run effect-cloudauth emulator.":
    [
      "请设置 ALIBABA_CLOUD_ACCESS_KEY_ID 和 ALIBABA_CLOUD_ACCESS_KEY_SECRET，或配置供应商的 CLI（aliyun configure）。没有密钥也可试用：运行 effect-cloudauth emulator。",
      "請設定 ALIBABA_CLOUD_ACCESS_KEY_ID 和 ALIBABA_CLOUD_ACCESS_KEY_SECRET，或設定供應商的 CLI（aliyun configure）。沒有密鑰也可試用：執行 effect-cloudauth emulator。"
    ],
  "The VPC endpoint is reachable from machines in the vendor's network of the same region only; use --network public elsewhere.":
    [
      "VPC 接入点只能从供应商同一地域的内网访问；其他地方请用 --network public。",
      "VPC 接入點只能從供應商同一地區的內網存取；其他地方請用 --network public。"
    ],
  "Look at DNS, firewall and proxy (HTTPS_PROXY, NO_PROXY); the service needs port 443 outwards.": [
    "请检查 DNS、防火墙和代理（HTTPS_PROXY、NO_PROXY）；服务需要对外的 443 端口。",
    "請檢查 DNS、防火牆和代理（HTTPS_PROXY、NO_PROXY）；服務需要對外的 443 連接埠。"
  ],
  "Synchronise this machine's clock (NTP: timedatectl set-ntp true). The client corrects a skew once for each process.":
    [
      "请校准本机时钟（NTP：timedatectl set-ntp true）。客户端在每个进程中只校正一次偏差。",
      "請校準本機時鐘（NTP：timedatectl set-ntp true）。客戶端在每個程序中只校正一次偏差。"
    ],
  "Stay below the quota (collect --qps), or ask the vendor for a larger one.": [
    "请保持在配额以内（collect --qps），或向供应商申请更大的配额。",
    "請保持在配額以內（collect --qps），或向供應商申請更大的配額。"
  ],
  "Correct the setting.": ["请更正该设置。", "請更正該設定。"],
  "Correct the proxy's variables.": ["请更正代理的环境变量。", "請更正代理的環境變數。"],
  "Install this program's dependencies again.": ["请重新安装本程序的依赖。", "請重新安裝本程式的依賴套件。"]
}
