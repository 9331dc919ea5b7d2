import { createRequire } from "node:module"
import apm from "elastic-apm-node"

apm.start()

// The callback's query holds its token and the transaction id.
apm.addFilter((payload) => {
  const request = payload.context?.request
  if (request?.url?.pathname === "/cloudauth/callback") request.url = { pathname: request.url.pathname }
  return payload
})

createRequire(import.meta.url)("@opentelemetry/api") // The agent sees `require` alone, and takes the metrics then.
