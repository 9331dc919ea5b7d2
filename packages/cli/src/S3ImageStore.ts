/**
 * Images in S3-compatible object storage: AWS, Alibaba Cloud OSS, MinIO and others. Objects are private, their
 * checksum is signed with the request, and nothing follows redirects.
 */
import * as OwnOptions from "@effect-cloudauth/core/Options"
import * as Telemetry from "@effect-cloudauth/core/Telemetry"
import { AwsClient } from "aws4fetch"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { type Failure, failure } from "./Failure.ts"
import { errorCode } from "./internal/errorCode.ts"
import { endingOf, ImageStore, ImageStoreError } from "./ImageStore.ts"

export interface Options {
  /** `s3://bucket/prefix`. */
  readonly location: string
  /**
   * The service's URL. With `{bucket}` in it the bucket goes there (`https://{bucket}.oss-cn-hongkong.aliyuncs.com`),
   * else into the path. Default: AWS in the region.
   */
  readonly endpoint?: string | undefined
  readonly region: string
  readonly accessKeyId: Redacted.Redacted
  readonly accessKeySecret: Redacted.Redacted
  readonly sessionToken?: Redacted.Redacted | undefined
}

const keys: OwnOptions.Keys<Options> = {
  location: true,
  endpoint: true,
  region: true,
  accessKeyId: true,
  accessKeySecret: true,
  sessionToken: true
}

/** One request may take so long, in milliseconds. */
const timeout = 30_000

/** How often a request that the service stumbled over is sent again. */
const retries = 4

/** What to look at, by status. */
const hints: Readonly<Record<number, string>> = {
  301: "the bucket is in another region (CLOUDAUTH_S3_REGION)",
  307: "the bucket is in another region (CLOUDAUTH_S3_REGION)",
  401: "the storage's access key is not accepted",
  403: "the storage's access key may not do this, or is not accepted",
  404: "there is no such bucket"
}

interface Bucket {
  readonly bucket: string
  readonly prefix: string
}

/** Reads `s3://bucket/prefix`. */
const parse = (location: string): Bucket | undefined => {
  const match = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/([A-Za-z0-9!_.*'()/-]*))?$/.exec(location)
  if (match?.[1] === undefined) return undefined
  return { bucket: match[1], prefix: (match[2] ?? "").replace(/^\/+|\/+$/g, "") }
}

const baseOf = (options: Options, { bucket }: Bucket): string | undefined => {
  const endpoint = options.endpoint ?? `https://{bucket}.s3.${options.region}.amazonaws.com`
  const inHost = endpoint.includes("{bucket}")
  const url = endpoint.replace("{bucket}", bucket).replace(/\/+$/, "")
  if (!URL.canParse(url)) return undefined
  const { hostname, protocol } = new URL(url)
  const isLoopback = hostname === "localhost" || hostname === "[::1]" || hostname.startsWith("127.")
  if (protocol !== "https:" && !(protocol === "http:" && isLoopback)) return undefined
  return inHost ? url : `${url}/${bucket}`
}

/** Fails with `Failure` where the location or the endpoint is wrong; nothing is asked before the first image. */
export const layer = (given: Options): Layer.Layer<ImageStore, Failure> =>
  Layer.effect(
    ImageStore,
    Effect.gen(function* () {
      const options = yield* Effect.mapError(Effect.fromResult(OwnOptions.own(keys, given)), ({ message }) =>
        failure("Usage", message)
      )
      const place = parse(options.location)
      if (place === undefined) return yield* failure("Usage", "Images: an object storage is named s3://bucket/prefix.")
      const base = baseOf(options, place)
      if (base === undefined) {
        return yield* failure("Usage", "CLOUDAUTH_S3_ENDPOINT must be an https:// URL (http:// on loopback only).")
      }
      const client = new AwsClient({
        accessKeyId: Redacted.value(options.accessKeyId),
        secretAccessKey: Redacted.value(options.accessKeySecret),
        ...(options.sessionToken === undefined ? {} : { sessionToken: Redacted.value(options.sessionToken) }),
        service: "s3",
        region: options.region,
        retries,
        initRetryMs: 100
      })

      const request = (
        operation: ImageStoreError["operation"],
        key: string,
        init: RequestInit,
        accepted: ReadonlyArray<number>
      ) =>
        Effect.tryPromise({
          // The names of objects lead to a person.
          try: (signal) =>
            Telemetry.suppressTracing(() =>
              client.fetch(`${base}/${key}`, {
                ...init,
                redirect: "manual",
                signal: AbortSignal.any([signal, AbortSignal.timeout(timeout)])
              })
            ),
          catch: (cause) =>
            new ImageStoreError({
              operation,
              reason: `${new URL(base).host} does not answer (${errorCode(cause) ?? (cause instanceof Error ? cause.name : "unknown")}); look at CLOUDAUTH_S3_ENDPOINT and the network`
            })
        }).pipe(
          Effect.filterOrFail(
            (response) => accepted.includes(response.status),
            (response) => {
              const hint = hints[response.status]
              return new ImageStoreError({
                operation,
                reason: `HTTP ${response.status}${hint === undefined ? "" : `; ${hint}`}`
              })
            }
          )
        )

      const keyOf = (location: string): string | undefined => {
        const start = `s3://${place.bucket}/`
        return location.startsWith(start) ? location.slice(start.length) : undefined
      }

      return ImageStore.of({
        description: options.location,
        put: (image) => {
          const name = `${image.key}.${endingOf(image.mediaType)}`
          const key = place.prefix === "" ? name : `${place.prefix}/${name}`
          return request(
            "put",
            key,
            {
              method: "PUT",
              body: image.bytes,
              headers: { "content-type": image.mediaType, "x-amz-content-sha256": image.sha256 }
            },
            [200, 201, 204]
          ).pipe(
            Effect.flatMap((response) => Effect.promise(() => response.arrayBuffer())),
            Effect.as(`s3://${place.bucket}/${key}`)
          )
        },
        get: (location) => {
          const key = keyOf(location)
          if (key === undefined) return Effect.undefined
          return Effect.flatMap(request("get", key, { method: "GET" }, [200, 404]), (response) =>
            response.status === 404
              ? Effect.undefined
              : Effect.tryPromise({
                  try: async () => new Uint8Array(await response.arrayBuffer()),
                  catch: () => new ImageStoreError({ operation: "get", reason: "the answer broke off" })
                })
          )
        },
        remove: (location) => {
          const key = keyOf(location)
          return key === undefined
            ? Effect.fail(new ImageStoreError({ operation: "remove", reason: "the image is in another store" }))
            : Effect.asVoid(request("remove", key, { method: "DELETE" }, [200, 204, 404]))
        }
      })
    })
  )
