/** The Chinese of each error's advice, by the English text. Errors carry only English, so that a call loads no translation. */
import { responses } from "./responses.ts"
import { type Chinese, type Texts, zh } from "./texts.ts"

/** The advice that is not in the table of response codes. */
const others: Readonly<Record<string, Chinese>> = {
  "Grant the RAM user or role the AliyunAntCloudAuthFullAccess permission. If it has it, look for a policy that denies the call or this machine's address, and whether ID Verification is activated.":
    zh(
      "請為 RAM 用戶或角色授予 AliyunAntCloudAuthFullAccess 權限。如果已經授權，請檢查是否有政策拒絕該呼叫或本機地址，以及是否已開通 ID Verification。",
      "请为 RAM 用户或角色授予 AliyunAntCloudAuthFullAccess 权限。如果已经授权，请检查是否有策略拒绝该调用或本机地址，以及是否已开通 ID Verification。"
    ),
  "Check that the access key exists, is enabled, and belongs to the international site's account.": zh(
    "請檢查 AccessKey 是否存在、是否已啟用，以及是否屬於國際站帳戶。",
    "请检查 AccessKey 是否存在、是否已启用，以及是否属于国际站账号。"
  ),
  "Look the code up in the vendor's documentation; the raw answer is in body.": zh(
    "請在供應商的文件中查找該回應碼；原始回應在 body 中。",
    "请在供应商的文档中查找该响应码；原始响应在 body 中。"
  ),
  "Look for a proxy or a wrong endpoint between this machine and the service; the raw answer is in body.": zh(
    "請檢查本機與服務之間是否有代理，或接入點是否有誤；原始回應在 body 中。",
    "请检查本机与服务之间是否有代理，或接入点是否有误；原始响应在 body 中。"
  ),
  "The answer began and was cut short: look for a proxy or firewall that ends connections, and at the network; the client has retried as its policy says.":
    zh(
      "回應開始後被截斷：請檢查是否有代理或防火牆中斷了連接，並檢查網絡；客戶端已按重試政策重試。",
      "响应开始后被截断：请检查是否有代理或防火墙中断了连接，并检查网络；客户端已按重试策略重试。"
    ),
  "Check the network, the proxy and the endpoint; the client has retried as its policy says.": zh(
    "請檢查網絡、代理和接入點；客戶端已按重試政策重試。",
    "请检查网络、代理和接入点；客户端已按重试策略重试。"
  ),
  "The body is not encoded as its content-encoding says, or was cut short: look for a proxy that changes bodies; the client has retried as its policy says.":
    zh(
      "回應體的編碼與 content-encoding 不符，或被截斷：請檢查是否有代理改動了回應體；客戶端已按重試政策重試。",
      "响应体的编码与 content-encoding 不符，或被截断：请检查是否有代理改动了响应体；客户端已按重试策略重试。"
    ),
  "A response came twice over one connection, so the next request would have got the wrong one: look for a proxy that sends responses twice. A stand-in must give each response its own x-acs-request-id, or none.":
    zh(
      "同一連接上收到了兩次相同的回應，下一個請求會因此得到錯誤的回應：請檢查是否有代理重複發送回應。如果使用替代服務，它必須為每個回應給出各自的 x-acs-request-id，或者都不給出。",
      "同一连接上收到了两次相同的响应，下一个请求会因此得到错误的响应：请检查是否有代理重复发送响应。如果使用替代服务，它必须为每个响应给出各自的 x-acs-request-id，或者都不给出。"
    ),
  "Check the user and the password of the proxy. The client does not try them again.": zh(
    "請檢查代理的用戶名和密碼。客戶端不會再次嘗試。",
    "请检查代理的用户名和密码。客户端不会再次尝试。"
  ),
  "Ask for the proxy to allow CONNECT to the service's host and port.": zh(
    "請要求代理允許對服務的主機和連接埠使用 CONNECT。",
    "请要求代理允许对服务的主机和端口使用 CONNECT。"
  ),
  "The proxy can't reach the service: check its own network and name resolution.": zh(
    "代理無法連接服務：請檢查代理自身的網絡和域名解析。",
    "代理无法连接服务：请检查代理自身的网络和域名解析。"
  ),
  "Check that the address is that of a proxy that allows CONNECT; the client asks for nothing else, also for http: URLs.":
    zh(
      "請檢查該地址是否為允許 CONNECT 的代理；客戶端只使用 CONNECT，對 http: 地址也是如此。",
      "请检查该地址是否为允许 CONNECT 的代理；客户端只使用 CONNECT，对 http: 地址也是如此。"
    ),
  "Too many calls wait for the quota or for connections: begin fewer at once, raise connections or the deadline, or ask for a larger quota.":
    zh(
      "發起的呼叫超過了配額或連接數所能承受的數量：請減少同時發起的呼叫，提高 connections 或 deadline，或申請更大的配額。",
      "发起的调用超过了配额或连接数所能承受的数量：请减少同时发起的调用，提高 connections 或 deadline，或申请更大的配额。"
    ),
  "Look at what supplies the access key (a vault, a metadata service, load), or raise the deadline.": zh(
    "請檢查提供 AccessKey 的來源（密鑰庫、元數據服務、負載），或提高 deadline。",
    "请检查提供 AccessKey 的来源（密钥库、元数据服务、负载），或提高 deadline。"
  ),
  "Check the network, the proxy and the endpoint, or raise the deadline.": zh(
    "請檢查網絡、代理和接入點，或提高 deadline。",
    "请检查网络、代理和接入点，或提高 deadline。"
  ),
  "Try again later, or raise attemptTimeout and deadline in the retry policy.": zh(
    "請稍後重試，或在重試政策中提高 attemptTimeout 和 deadline。",
    "请稍后重试，或在重试策略中提高 attemptTimeout 和 deadline。"
  ),
  "Raise attemptTimeout and deadline in the retry policy, or ask without images if they are not needed.": zh(
    "請在重試政策中提高 attemptTimeout 和 deadline；如果不需要影像，查詢時不要請求影像。",
    "请在重试策略中提高 attemptTimeout 和 deadline；如果不需要图片，查询时不要请求图片。"
  ),
  "The waits between retries took the rest of the time: try again later, or raise the deadline.": zh(
    "重試之間的等待用完了剩餘的時間：請稍後重試，或提高 deadline。",
    "重试之间的等待用完了剩余的时间：请稍后重试，或提高 deadline。"
  ),
  "Raise maxBodyBytes if the images are that large; the client stopped reading at the limit.": zh(
    "如果影像確實有這麼大，請提高 maxBodyBytes；客戶端讀到上限就停止了。",
    "如果图片确实有这么大，请提高 maxBodyBytes；客户端读到上限就停止了。"
  ),
  "Look for a proxy that encodes bodies: this client asks for no coding.": zh(
    "請檢查是否有代理對回應體重新編碼：此客戶端沒有請求任何編碼。",
    "请检查是否有代理对响应体重新编码：此客户端没有请求任何编码。"
  ),
  "The answer did not come from ID Verification, or it has changed: look at body, and report it.": zh(
    "回應並非來自 ID Verification，或其格式已改變：請查看 body 並報告此問題。",
    "响应并非来自 ID Verification，或其格式已改变：请查看 body 并报告此问题。"
  ),
  "Set ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET, or choose another Credentials layer.\nTo try without a key, run npx @effect-cloudauth/emulator and set what it prints.":
    zh(
      "請設定 ALIBABA_CLOUD_ACCESS_KEY_ID 和 ALIBABA_CLOUD_ACCESS_KEY_SECRET，或選擇另一個 Credentials layer。\n沒有密鑰也可試用：執行 npx @effect-cloudauth/emulator，並設定它列印的環境變數。",
      "请设置 ALIBABA_CLOUD_ACCESS_KEY_ID 和 ALIBABA_CLOUD_ACCESS_KEY_SECRET，或选择另一个 Credentials layer。\n没有密钥也可试用：运行 npx @effect-cloudauth/emulator，并设置它打印的环境变量。"
    ),
  "Use a real access key, or set the endpoint's url (CLOUDAUTH_ENDPOINT) to the emulator's.": zh(
    "請使用真正的存取密鑰，或把接入點的 url（CLOUDAUTH_ENDPOINT）設為模擬器的地址。",
    "请使用真正的访问密钥，或把接入点的 url（CLOUDAUTH_ENDPOINT）设为模拟器的地址。"
  ),
  "Nothing listens at the endpoint, or at the proxy: start it, or correct its host and port. The client has retried as its policy says.":
    zh(
      "接入點或代理的地址上沒有服務在監聽：請啟動它，或更正主機和連接埠。客戶端已按重試政策重試。",
      "接入点或代理的地址上没有服务在监听：请启动它，或更正主机和端口。客户端已按重试策略重试。"
    ),
  "The endpoint's host name, or the proxy's, is unknown: check the name and DNS, and whether this machine needs a proxy (HTTPS_PROXY).":
    zh(
      "接入點或代理的主機名稱無法解析：請檢查名稱和 DNS，以及本機是否需要代理（HTTPS_PROXY）。",
      "接入点或代理的主机名无法解析：请检查名称和 DNS，以及本机是否需要代理（HTTPS_PROXY）。"
    ),
  "Look at what supplies the access key: a vault, a metadata service, load. The next call asks it again.": zh(
    "請檢查提供 AccessKey 的來源：密鑰庫、元數據服務、負載。下次呼叫會重新取得。",
    "请检查提供 AccessKey 的来源：密钥库、元数据服务、负载。下次调用会重新获取。"
  ),
  "Correct the value; nothing was sent.": zh("請更正該值；沒有發送任何請求。", "请更正该值；没有发送任何请求。"),
  "Begin a new transaction. Collect results before they are deleted, 30 days after completion.": zh(
    "請發起新的交易。結果在完成 30 天後會被刪除，請在此之前取得。",
    "请发起新的交易。结果在完成 30 天后会被删除，请在此之前获取。"
  ),
  "Begin a new transaction: the user's 30 minutes are over.": zh(
    "請發起新的交易：用戶的 30 分鐘已用完。",
    "请发起新的交易：用户的 30 分钟已用完。"
  ),
  "Resume the wait with pending, or let the callback or a later checkResult bring the result.": zh(
    "請用 pending 恢復等待，或等待回調，或稍後用 checkResult 取得結果。",
    "请用 pending 恢复等待，或等待回调，或稍后用 checkResult 获取结果。"
  ),
  "Fetch the result by checkResult and store it first, or set deleteAfterQuery to false.": zh(
    "請先用 checkResult 取得結果並儲存，或將 deleteAfterQuery 設為 false。",
    "请先用 checkResult 获取结果并保存，或将 deleteAfterQuery 设为 false。"
  ),
  "Nothing is left to delete. If the answer of an earlier deletion was lost, that one has succeeded.": zh(
    "沒有可刪除的資料。如果先前一次刪除的回應遺失了，那次刪除是成功的。",
    "没有可删除的数据。如果先前一次删除的响应丢失了，那次删除是成功的。"
  ),
  "The answers may be out of step: count nothing as deleted, and ask again.": zh(
    "回應可能錯位：不要把任何資料視為已刪除，請重新查詢。",
    "响应可能错位：不要把任何数据视为已删除，请重新查询。"
  ),
  "Fetch the result by checkResult first, look whether it was deleted before, and ask the vendor whether your solution supports it.":
    zh(
      "請先用 checkResult 取得結果，查看之前是否已刪除，並詢問供應商你的方案是否支援刪除。",
      "请先用 checkResult 获取结果，查看之前是否已删除，并询问供应商你的方案是否支持删除。"
    ),
  "Give the request id to the vendor's support; count nothing as deleted.": zh(
    "請把請求編號交給供應商支援；不要把任何資料視為已刪除。",
    "请把请求编号交给供应商支持；不要把任何数据视为已删除。"
  ),
  "A proxy asks for credentials: give them in the proxy's URL, and check user and password.": zh(
    "代理要求身份驗證：請在代理的 URL 中給出用戶名和密碼，並檢查是否正確。",
    "代理要求身份验证：请在代理的 URL 中给出用户名和密码，并检查是否正确。"
  ),
  "A cache on the way answered instead of the service: let it pass POST requests to the endpoint.": zh(
    "途中的快取代替服務作出了回應：請讓它放行發往接入點的 POST 請求。",
    "途中的缓存代替服务作出了响应：请让它放行发往接入点的 POST 请求。"
  ),
  "A web page came instead of an answer: probably the sign-in page of a network (captive portal), or a proxy's page. Sign in to the network, or let the proxy pass the endpoint; look at body.":
    zh(
      "收到的是網頁而不是回應：可能是網絡的登入頁（強制門戶），或代理的頁面。請登入網絡，或讓代理放行接入點；請查看 body。",
      "收到的是网页而不是响应：可能是网络的登录页（强制门户），或代理的页面。请登录网络，或让代理放行接入点；请查看 body。"
    ),
  "The answer is JSON without a response code, so it came from another service: check the endpoint and the proxy; look at body.":
    zh(
      "回應是沒有回應碼的 JSON，因此來自另一個服務：請檢查接入點和代理；請查看 body。",
      "响应是没有响应码的 JSON，因此来自另一个服务：请检查接入点和代理；请查看 body。"
    ),
  "The answer is empty: probably a proxy or load balancer on the way answered. Check it, and the endpoint.": zh(
    "回應為空：可能由途中的代理或負載平衡器作出。請檢查它以及接入點。",
    "响应为空：可能由途中的代理或负载均衡器作出。请检查它以及接入点。"
  ),
  "The answer is broken JSON: probably it was cut short, or changed on its way. Check the network and the proxy; look at body.":
    zh(
      "回應的開頭是 JSON，但整體不是有效的 JSON：可能被截斷，或在途中被改動。請檢查網絡和代理；請查看 body。",
      "响应的开头是 JSON，但整体不是有效的 JSON：可能被截断，或在途中被改动。请检查网络和代理；请查看 body。"
    ),
  "The answer is no JSON, so it did not come from ID Verification: check the proxy and the endpoint; look at body.": zh(
    "回應不是 JSON，因此並非來自 ID Verification：請檢查代理和接入點；請查看 body。",
    "响应不是 JSON，因此并非来自 ID Verification：请检查代理和接入点；请查看 body。"
  ),
  "A web page came instead of an answer: probably a proxy or load balancer could not reach the service. Try again later; if it stays, look at the proxy.":
    zh(
      "收到的是網頁而不是回應：可能是代理或負載平衡器無法連接服務。請稍後重試；如果問題持續，請檢查代理。",
      "收到的是网页而不是响应：可能是代理或负载均衡器无法连接服务。请稍后重试；如果问题持续，请检查代理。"
    ),
  "A web page came instead of an answer: probably a proxy or firewall refused the request. Let it pass the endpoint; look at body.":
    zh(
      "收到的是網頁而不是回應：可能是代理或防火牆拒絕了請求。請讓它放行接入點；請查看 body。",
      "收到的是网页而不是响应：可能是代理或防火墙拒绝了请求。请让它放行接入点；请查看 body。"
    )
}

/** The texts of each advice, by the English one. */
export const errors: ReadonlyMap<string, Texts> = new Map(
  Object.entries({ ...responses, ...others }).map(([en, chinese]) => [en, { en, ...chinese }])
)

/** The one advice that has something of the answer in it: the host of a redirect. */
const redirect =
  /^The answer is a redirect (?:that names no host|(within the same host)|to (\S+))\. It was not followed, because the signature must not leave the endpoint\. Probably a captive portal or proxy answered, or the endpoint is wrong\.$/

const ofRedirect = (advice: string): Chinese | undefined => {
  const found = redirect.exec(advice)
  if (found === null) return undefined
  const [, isSame, host] = found
  const [hant, hans] =
    host !== undefined
      ? [`指向 ${host} 的重新導向`, `指向 ${host} 的重定向`]
      : isSame === undefined
        ? ["不指明主機的重新導向", "不指明主机的重定向"]
        : ["同一主機內的重新導向", "同一主机内的重定向"]
  return zh(
    `回應是${hant}。客戶端沒有跟隨重新導向，因為簽名不能離開接入點。可能是強制門戶或代理作出的回應，或接入點有誤。`,
    `响应是${hans}。客户端没有跟随重定向，因为签名不能离开接入点。可能是强制门户或代理作出的响应，或接入点有误。`
  )
}

/** The texts of an advice. One that is not known here, such as an application's own, stays as it is. */
export const ofAdvice = (advice: string): Texts =>
  errors.get(advice) ?? { en: advice, ...(ofRedirect(advice) ?? zh(advice, advice)) }
