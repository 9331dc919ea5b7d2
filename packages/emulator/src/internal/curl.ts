/** A call signed now, as a curl command: good once, within fifteen minutes. */
import * as Gateway from "../Gateway.ts"
import { sign } from "./sign.ts"

export const curl = (
  gateway: Gateway.Gateway,
  options: { readonly url: string; readonly action: string; readonly query: string }
): string => {
  const { headers, target } = sign(gateway, {
    host: new URL(options.url).host,
    action: options.action,
    version: Gateway.version,
    query: options.query,
    now: gateway.now()
  })
  const lines = headers.filter(([name]) => name !== "host").map(([name, value]) => `  -H '${name}: ${value}'`)
  return [`curl -s -X POST '${options.url}${target}'`, ...lines].join(" \\\n")
}
