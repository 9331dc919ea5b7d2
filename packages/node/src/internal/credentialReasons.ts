/** Why a source of credentials did not serve and what to do, in words that hold nothing that was read. */

/** No source served. The message holds nothing that was read from one. */
export class NoCredential extends Error {
  override readonly name = "NoCredential"
  /** Whether what was asked has served before: then it may serve again. */
  readonly hasServed: boolean
  constructor(message: string, hasServed = false) {
    super(message)
    this.hasServed = hasServed
  }
}

/** What an expiry must be. */
export const notATime = "its expiration is no time such as 2030-01-31T08:00:00Z: correct what writes it"

const login = (mode: string): string => `log in again (aliyun configure --mode ${mode})`

// The library's words, and what may be told of them: most quote a path, a profile's text or a whole answer.
const known: ReadonlyArray<readonly [RegExp, string]> = [
  [
    /^CloudSSO access token is empty or expired/,
    `the CloudSSO login has expired, or there is none: ${login("CloudSSO")}`
  ],
  [
    /^CloudSSO sign in url/,
    `the profile lacks the CloudSSO sign-in URL, account or access configuration: ${login("CloudSSO")}`
  ],
  [/^get session token from CloudSSO/, `CloudSSO gave no credential: ${login("CloudSSO")}`],
  [/^failed to refresh OAuth token/, `the OAuth login has expired or was revoked: ${login("OAuth")}`],
  [/session token from OAuth/, `the OAuth login gave no credential: ${login("OAuth")}`],
  [/^invalid OAuth site type/, "the profile's oauth_site_type must be CN or INTL"],
  [
    /^Can not find credential type/,
    "the profile is missing, or has no type: name it in ALIBABA_CLOUD_PROFILE or add it"
  ],
  [/^Invalid type option/, "the profile's type must be access_key, ecs_ram_role or ram_role_arn"],
  [/^cannot found home dir/, "the home directory is unknown: set HOME"],
  [/^unsupported profile mode/, "the profile's mode is not supported: choose another profile by ALIBABA_CLOUD_PROFILE"],
  [/^the access key id is empty$/, "the access key id is empty"],
  [/^the access key secret is (empty|invalid)$/, "the access key secret is empty or invalid"],
  [/^the security token is empty$/, "the security token is empty"],
  [/^the RoleArn is empty$/, "the role's ARN is empty"],
  [/^session duration should be/, "the session's duration must be 900 seconds or more"],
  [/^invalid (UTC format|year|month|date|hours|minutes|seconds|ms) /, notATime],
  [/timeout/i, "timed out"],
  [/json parse failed|unmarshal fail/, "the answer is not JSON"],
  [/^get role name failed/, "the machine has no role: attach one"],
  [
    /fail to get credentials|^error retrieving credentials|^get sts token failed( with OIDC)?$/,
    "the answer holds no credential"
  ]
]

/** What helps against the codes of the operating system and of Node. */
const helps: Readonly<Record<string, string>> = {
  ENOENT: "the file does not exist",
  EACCES: "the file may not be read: change its rights",
  EISDIR: "the path is a directory",
  ENOTFOUND: "the host is unknown",
  ECONNREFUSED: "no server listens at the address"
}

/** What helps against the answers of the token service. */
const helpOfAnswer = (code: string): string =>
  code.startsWith("EntityNotExist")
    ? ": check the role's name"
    : /^(NoPermission|AuthenticationFail|Forbidden)/.test(code)
      ? ": let the role's trust policy and the key's permissions allow to assume it"
      : ""

/** Why a source did not serve. */
export const explain = (error: unknown): string => {
  if (error instanceof NoCredential) return error.message
  if (!(error instanceof Error)) return "failed"
  const { message, name } = error
  const facts: Array<string> = []
  const [, meaning] = known.find(([pattern]) => pattern.test(message) || pattern.test(name)) ?? []
  if (meaning !== undefined) facts.push(meaning)
  const code = codeOf(error)
  if (code !== undefined) facts.push(helps[code] === undefined ? code : `${helps[code]} (${code})`)
  const status = /(?:httpStatus: |status code: |failed with |\s)([1-5]\d\d)(?:$|,)/.exec(message)?.[1]
  if (status !== undefined) facts.push(`HTTP ${status}`)
  // The vendor's response code, such as EntityNotExist.Role.
  const responseCode = /"Code"\s*:\s*"([A-Za-z]{2,40}(?:\.[A-Za-z]{2,40}){0,3})"/.exec(message)?.[1]
  if (responseCode !== undefined) facts.push(`${responseCode}${helpOfAnswer(responseCode)}`)
  return facts.length === 0
    ? "failed for an unknown reason: effect-cloudauth doctor asks each source alone"
    : facts.join(", ")
}

/** The code of an error of Node's, such as `ENOENT`. */
export const codeOf = (error: unknown): string | undefined =>
  error instanceof Error &&
  "code" in error &&
  typeof error.code === "string" &&
  /^[A-Z][A-Z0-9_]{2,40}$/.test(error.code)
    ? error.code
    : undefined
