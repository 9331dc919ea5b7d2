// Loads the bundle of `page.js`, which says why it fails.
import { load } from "./esbuild/page.mjs"

const reasons = (await load()).map(({ reason, status }) => `${status} ${reason?.message}`)
const isRefused = (reason) => reason.startsWith("rejected @effect-cloudauth/node is a server's")
if (!reasons.every(isRefused)) throw new Error(`a browser is not refused: ${reasons.join("; ")}`)
console.log("refused")
