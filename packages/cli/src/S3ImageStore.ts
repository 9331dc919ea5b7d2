/**
 * Images in S3-compatible object storage: AWS, Alibaba Cloud OSS, MinIO and others. Objects are private, their
 * checksum is signed with the request, and nothing follows redirects. Requests go over the client's proxies; those that
 * the network or the service stumbles over are sent again.
 */
import * as OwnOptions from "@effect-cloudauth/core/Options"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Redacted from "effect/Redacted"
import { type Failure, failure } from "./Failure.ts"
import { say } from "./internal/language/say.ts"
import * as s3Request from "./internal/s3Request.ts"
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

interface Bucket {
  readonly bucket: string
  readonly prefix: string
}

/** Whether a key stays in its bucket and means the same to every service: no part of it is empty, `.` or `..`. */
const isPlain = (key: string): boolean => key.split("/").every((part) => !["", ".", ".."].includes(part))

/** Reads `s3://bucket/prefix`. */
const parse = (location: string): Bucket | undefined => {
  const match = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/([A-Za-z0-9!_.*'()=/-]*))?$/.exec(location)
  if (match?.[1] === undefined) return undefined
  const prefix = (match[2] ?? "").replace(/\/$/, "")
  return prefix === "" || isPlain(prefix) ? { bucket: match[1], prefix } : undefined
}

const baseOf = (options: Options, { bucket }: Bucket): string | undefined => {
  const endpoint = options.endpoint ?? `https://{bucket}.s3.${options.region}.amazonaws.com`
  const inHost = endpoint.includes("{bucket}")
  const url = endpoint.replace("{bucket}", bucket).replace(/\/+$/, "")
  if (!URL.canParse(url)) return undefined
  const { hash, hostname, protocol, search, username } = new URL(url)
  if (hash !== "" || search !== "" || username !== "") return undefined
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
      if (place === undefined) {
        return yield* failure(
          "Usage",
          say`Images: an object storage is named s3://bucket/prefix, with a prefix of letters, digits and !_.*'()=- between single slashes, and no part . or ..; not ${JSON.stringify(options.location.slice(0, 200))}.`
        )
      }
      const base = baseOf(options, place)
      if (base === undefined) {
        return yield* failure("Usage", say`CLOUDAUTH_S3_ENDPOINT must be an https:// URL (http:// on loopback only).`)
      }
      const send = yield* Effect.mapError(s3Request.make(options), ({ message }) => failure("Transport", message))
      const request = (operation: ImageStoreError["operation"], key: string, given: Omit<s3Request.Request, "url">) =>
        Effect.mapError(
          send({ ...given, url: `${base}/${key}` }),
          ({ reason }) => new ImageStoreError({ operation, reason })
        )

      const keyOf = (location: string): string | undefined => {
        const start = `s3://${place.bucket}/`
        const key = location.startsWith(start) ? location.slice(start.length) : ""
        return isPlain(key) ? key : undefined
      }

      return ImageStore.of({
        description: options.location,
        put: (image) => {
          const name = `${image.key}.${endingOf(image.mediaType)}`
          const key = place.prefix === "" ? name : `${place.prefix}/${name}`
          return request("put", key, {
            method: "PUT",
            body: image.bytes,
            headers: { "content-type": image.mediaType, "x-amz-content-sha256": image.sha256 },
            accepted: [200, 201, 204]
          }).pipe(Effect.as(`s3://${place.bucket}/${key}`))
        },
        get: (location) => {
          const key = keyOf(location)
          return key === undefined
            ? Effect.undefined
            : Effect.map(request("get", key, { method: "GET", accepted: [200, 404] }), ({ body, status }) =>
                status === 404 ? undefined : body
              )
        },
        remove: (location) => {
          const key = keyOf(location)
          return key === undefined
            ? Effect.fail(new ImageStoreError({ operation: "remove", reason: "the image is in another store" }))
            : Effect.asVoid(request("remove", key, { method: "DELETE", accepted: [200, 204, 404] }))
        }
      })
    })
  )
