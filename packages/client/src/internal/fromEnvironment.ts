/** The access key of the environment, without Effect's `Config`. The build takes it in place of the core's `fromConfig`. */
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"

/** What could not be read, as `Config` has it: by name. */
interface Missing {
  readonly name: string
  readonly cause: undefined
}

/** A variable that is set, and not to nothing. */
const variable = (name: string): Effect.Effect<Redacted.Redacted, Missing> =>
  Effect.suspend(() => {
    const value = process.env[name]
    return value ? Effect.succeed(Redacted.make(value)) : Effect.fail({ name, cause: undefined })
  })

/** The access key by the vendor's names. */
export const accessKey = (): Effect.Effect<
  {
    readonly accessKeyId: Redacted.Redacted
    readonly accessKeySecret: Redacted.Redacted
    readonly securityToken: Redacted.Redacted | undefined
  },
  Missing
> =>
  Effect.all({
    accessKeyId: variable("ALIBABA_CLOUD_ACCESS_KEY_ID"),
    accessKeySecret: variable("ALIBABA_CLOUD_ACCESS_KEY_SECRET"),
    securityToken: Effect.orElseSucceed(variable("ALIBABA_CLOUD_SECURITY_TOKEN"), () => undefined)
  })

/** The client has no other settings in the environment. */
export const endpoint = (): undefined => undefined

export const read = <A>(config: A): A => config

/** The name of the variable that is missing. */
export const nameOf = ({ name }: Missing): string => name
