/** What of the settings is refused: the client's `url` is their `endpoint`, and its `quota` their `qps`. */
import type { InvalidRequest } from "@effect-cloudauth/core/CloudauthError"
import { type Phrase, say } from "./language/say.ts"

export const refusedSetting = ({ path, rule }: InvalidRequest): Phrase =>
  say`${path === "url" ? "endpoint" : path === "quota" ? "qps" : path} must be ${rule}`
