/** A command that prints a credential, as the profile mode `External` names it. */
import type { CredentialsProvider } from "@alicloud/credentials"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { execFile } from "node:child_process"
import { NoCredential, codeOf, notATime } from "./credentialReasons.ts"

const text = Schema.optionalKey(Schema.NullOr(Schema.String))

const decode = Schema.decodeUnknownOption(
  Schema.fromJsonString(
    Schema.Struct({ mode: text, access_key_id: text, access_key_secret: text, sts_token: text, expiration: text })
  )
)

const isJson = (output: string): boolean => {
  try {
    return typeof JSON.parse(output) === "object"
  } catch {
    return false
  }
}

/** In milliseconds. */
const timeout = 60_000

/** Runs the command each time it is asked. */
export const provider = (
  command: string
): CredentialsProvider & { session: { readonly expiration: string | undefined } } => {
  const provider = {
    session: { expiration: undefined as string | undefined },
    getProviderName: () => "external",
    getCredentials: async () => {
      const { expiration, ...credential } = read(await run(split(command)))
      provider.session = { expiration }
      return { ...credential, providerName: "external" }
    }
  }
  return provider
}

const read = (output: string) => {
  const printed = Option.getOrUndefined(decode(output))
  if (printed === undefined) {
    throw new NoCredential(
      isJson(output)
        ? "the command printed JSON that is no credential: it must have access_key_id and access_key_secret"
        : "the command printed no JSON: it must print a credential and nothing else"
    )
  }
  const { access_key_id: accessKeyId, access_key_secret: accessKeySecret, expiration, mode, sts_token } = printed
  if (!accessKeyId || !accessKeySecret) {
    throw new NoCredential("the command printed no access_key_id, or no access_key_secret")
  }
  if (mode === "StsToken" && !sts_token) throw new NoCredential("the command printed no sts_token")
  if (expiration && Number.isNaN(Date.parse(expiration))) throw new NoCredential(notATime)
  return { accessKeyId, accessKeySecret, securityToken: sts_token ?? "", expiration: expiration ?? undefined }
}

const run = ([program = "", ...parameters]: ReadonlyArray<string>): Promise<string> =>
  new Promise((resolve, reject) => {
    execFile(program, parameters, { timeout, env: process.env }, (error, stdout) => {
      if (error === null) return resolve(stdout)
      const code = codeOf(error)
      const how =
        code === "ENOENT"
          ? "does not exist: correct process_command"
          : code !== undefined
            ? `cannot be run (${code})`
            : error.killed === true
              ? `did not end within ${timeout / 1000} seconds`
              : typeof error.code === "number"
                ? `ended with exit code ${error.code}: run it by hand to see why`
                : `was ended by ${error.signal ?? "an unknown cause"}`
      reject(new NoCredential(`the command ${how}`))
    })
  })

const isWindows = process.platform === "win32"

/** One argument: letters, quoted parts, and what a backslash takes as it is. On Windows a backslash is a letter. */
const argument = isWindows ? /(?:[^\s"']|"[^"]*"|'[^']*')+/g : /(?:[^\s"'\\]|\\[^]|"(?:[^"\\]|\\[^])*"|'[^']*')+/g

const part = isWindows ? /"[^"]*"|'[^']*'/g : /\\[^]|"(?:[^"\\]|\\[^])*"|'[^']*'/g

/** Takes a command apart as a shell does, and runs none. */
const split = (command: string): ReadonlyArray<string> => {
  const found = command.match(argument) ?? []
  if (command.replace(argument, "").trim() !== "") {
    throw new NoCredential("process_command has a quote or a backslash that is not closed")
  }
  if (found.length === 0) throw new NoCredential("the profile has no process_command")
  return found.map((text) => text.replace(part, literal))
}

const literal = (part: string): string => {
  if (part.startsWith("\\")) return part.slice(1)
  const inner = part.slice(1, -1)
  return part.startsWith('"') && !isWindows ? inner.replace(/\\(["\\$`])/g, "$1") : inner
}
