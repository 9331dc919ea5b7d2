import { createHash } from "node:crypto"
import * as Gateway from "../Gateway.ts"
import type * as Protocol from "../Protocol.ts"
import { basics } from "./page/basics.ts"
import { body } from "./page/body.ts"
import { calls } from "./page/calls.ts"
import { detail } from "./page/detail.ts"
import { faultExamples } from "./page/faultExamples.ts"
import { style } from "./page/style.ts"
import { switches } from "./page/switches.ts"

const script = [
  basics,
  `const defaultSecret = ${JSON.stringify(Gateway.defaultAccessKeySecret)}\n`,
  `const faultExamples = ${JSON.stringify(faultExamples)}\n`,
  detail,
  calls,
  switches
].join("")

const html = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>CheckResult emulator</title><link rel="icon" href="data:,"><style>${style}</style></head>
<body>${body}<script>${script}</script></body></html>
`

const hash = (text: string): string => `'sha256-${createHash("sha256").update(text).digest("base64")}'`

/** The page, which may run this script and this style and nothing else. */
export const response: Protocol.Response = {
  status: 200,
  headers: [
    ["content-type", "text/html; charset=utf-8"],
    [
      "content-security-policy",
      `default-src 'none'; script-src ${hash(script)}; style-src ${hash(style)}; img-src 'self' data:; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'`
    ],
    ["x-content-type-options", "nosniff"],
    ["referrer-policy", "no-referrer"],
    ["cache-control", "no-store"]
  ],
  body: Buffer.from(html)
}
