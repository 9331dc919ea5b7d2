/** A home directory and an environment of their own, for the vendor's credential chain. */
import * as fs from "node:fs/promises"
import * as os from "node:os"
import * as path from "node:path"
import * as Effect from "effect/Effect"
import { withEnvironment } from "./servers.ts"

/** Nothing of this machine's own reaches the tests: no variable, no home. */
const bare: Record<string, string | undefined> = Object.fromEntries(
  [
    "ACCESS_KEY_ID",
    "ACCESS_KEY_SECRET",
    "SECURITY_TOKEN",
    "ROLE_ARN",
    "ROLE_SESSION_NAME",
    "OIDC_PROVIDER_ARN",
    "OIDC_TOKEN_FILE",
    "PROFILE",
    "CLI_PROFILE_DISABLED",
    "CREDENTIALS_FILE",
    "CREDENTIALS_URI",
    "ECS_METADATA",
    "ECS_METADATA_DISABLED",
    "IMDSV1_DISABLED",
    "STS_REGION",
    "VPC_ENDPOINT_ENABLED"
  ].map((name) => [`ALIBABA_CLOUD_${name}`, undefined])
)

export const home = Effect.acquireRelease(
  Effect.promise(() => fs.mkdtemp(path.join(os.tmpdir(), "cloudauth-home-"))),
  (directory) => Effect.promise(() => fs.rm(directory, { recursive: true }))
)

export const write = (directory: string, name: string, content: string) =>
  Effect.promise(async () => {
    const file = path.join(directory, name)
    await fs.mkdir(path.dirname(file), { recursive: true })
    await fs.writeFile(file, content)
    return file
  })

/** Runs with a home of its own and these variables alone. */
export const isolated =
  (variables: Record<string, string> = {}) =>
  <A, E, R>(run: (home: string) => Effect.Effect<A, E, R>) =>
    Effect.flatMap(home, (directory) =>
      run(directory).pipe(
        withEnvironment({
          ...bare,
          ALIBABA_CLOUD_ECS_METADATA_DISABLED: "true",
          HOME: directory,
          USERPROFILE: directory,
          ...variables
        })
      )
    )
