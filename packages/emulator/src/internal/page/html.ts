/** A whole page, and what its browser may run. */
import { createHash } from "node:crypto"
import type * as Protocol from "../../Protocol.ts"
import { style } from "./style.ts"

const hash = (text: string): string => `'sha256-${createHash("sha256").update(text).digest("base64")}'`

interface Options {
  readonly status?: number
  readonly title: string
  readonly body: string
  /** Left out: the page has no script and may ask for nothing, but send its own form. */
  readonly script?: string
  readonly headers?: Protocol.Response["headers"]
}

/** The page may run this script and this style and nothing else. */
export const html = ({ body, headers = [], script, status = 200, title }: Options): Protocol.Response => {
  const sources =
    script === undefined
      ? "img-src data:; form-action 'self'"
      : `script-src ${hash(script)}; img-src 'self' data:; connect-src 'self'; form-action 'none'`
  const text = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title><link rel="icon" href="data:,"><style>${style}</style></head>
<body>${body}${script === undefined ? "" : `<script>${script}</script>`}</body></html>
`
  return {
    status,
    headers: [
      ["content-type", "text/html; charset=utf-8"],
      [
        "content-security-policy",
        `default-src 'none'; style-src ${hash(style)}; ${sources}; base-uri 'none'; frame-ancestors 'none'`
      ],
      ["x-content-type-options", "nosniff"],
      // Under `no-referrer` the browser would send a form without its origin.
      ["referrer-policy", script === undefined ? "same-origin" : "no-referrer"],
      ["cache-control", "no-store"],
      ...headers
    ],
    body: Buffer.from(text)
  }
}
