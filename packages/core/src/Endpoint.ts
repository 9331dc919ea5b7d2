/**
 * Where the requests go: a region and a network, or a URL of your own for tests.
 *
 * @source https://www.alibabacloud.com/help/en/ekyc/latest/ocr-checkresult
 */
import * as Result from "effect/Result"
import * as CloudauthError from "./CloudauthError.ts"
import * as OwnOptions from "./Options.ts"

/**
 * The regions that offer ID Verification: Hong Kong (the ID OCR solution's home), Singapore, Kuala Lumpur, Jakarta.
 *
 * @category constants
 * @since 0.1.0
 */
export const regions = ["cn-hongkong", "ap-southeast-1", "ap-southeast-3", "ap-southeast-5"] as const

/**
 * A region that offers ID Verification. The name can come from a configuration, so the type is any text. The client refuses a
 * name that is not in `regions`. For a region that the vendor opens later, set the `url` of its endpoint.
 *
 * @category models
 * @since 0.1.0
 */
export type Region = (typeof regions)[number] | (string & {})

/**
 * `public` over the internet; `vpc` from inside the vendor's network in the same region.
 *
 * @category models
 * @since 0.1.0
 */
export type Network = "public" | "vpc"

/**
 * A checked endpoint.
 *
 * @category models
 * @since 0.1.0
 */
export interface Endpoint {
  /** Scheme, host and port: `https://cloudauth-intl.cn-hongkong.aliyuncs.com`. */
  readonly origin: string
  /** The `Host` header: the host, and the port if it is not the scheme's own. */
  readonly host: string
  /** The host's name alone. */
  readonly hostname: string
  /** The port that is dialled. */
  readonly port: number
  /** The region, if the host is the vendor's: a URL can name it, too. */
  readonly region: string | undefined
}

/**
 * How an endpoint can be named: a region with a network, or a URL.
 *
 * @category models
 * @since 0.1.0
 */
export interface Options {
  /** One of `regions`. Default `cn-hongkong`. */
  readonly region?: Region | undefined
  /** Default `public`. */
  readonly network?: Network | undefined
  /** A URL of your own, for tests and proxies: `https://…`, or `http://…` on loopback only. It wins over the region. */
  readonly url?: string | undefined
}

/**
 * The keys of `Options`.
 *
 * @category constants
 * @since 0.1.0
 */
export const keys: OwnOptions.Keys<Options> = { region: true, network: true, url: true }

const refuse = (path: string, rule: string) => Result.fail(CloudauthError.invalidRequest(path, rule))

/**
 * The endpoint of a region and a network.
 *
 * @example
 * import * as Endpoint from "@effect-cloudauth/core/Endpoint"
 * import * as Result from "effect/Result"
 *
 * Result.getOrThrow(Endpoint.fromRegion("ap-southeast-1", "vpc")).host
 * // => "cloudauth-intl-vpc.ap-southeast-1.aliyuncs.com"
 *
 * @category constructors
 * @since 0.1.0
 */
export const fromRegion = (
  region: Region = "cn-hongkong",
  network: Network = "public"
): Result.Result<Endpoint, CloudauthError.InvalidRequest> => {
  if (!regions.some((known) => known === region)) {
    return refuse("region", `one of ${regions.join(", ")}; for another endpoint give its url`)
  }
  if (network !== "public" && network !== "vpc") return refuse("network", "public or vpc")
  const hostname = hostOf(region, network)
  return Result.succeed({ origin: `https://${hostname}`, host: hostname, hostname, port: 443, region })
}

const hostOf = (region: Region, network: Network): string =>
  `cloudauth-intl${network === "vpc" ? "-vpc" : ""}.${region}.aliyuncs.com`

/** The region that `hostOf` made a host name of, also one that the vendor opened later. */
const regionOf = (hostname: string): Region | undefined =>
  /^cloudauth-intl(?:-vpc)?\.([a-z0-9-]+)\.aliyuncs\.com$/.exec(hostname)?.[1]

/**
 * Whether a URL's host name is this machine's own.
 *
 * @category guards
 * @since 0.1.0
 */
export const isLoopback = (hostname: string): boolean =>
  hostname === "localhost" || hostname === "[::1]" || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(hostname)

/**
 * An endpoint from a URL. It refuses `http:` unless the host is loopback. It also refuses a URL with a user, a path, a query, a
 * fragment, white space or control characters, because signed requests could go to another server.
 *
 * @category constructors
 * @since 0.1.0
 */
export const fromUrl = (url: string): Result.Result<Endpoint, CloudauthError.InvalidRequest> => {
  // The URL parser drops tabs and newlines and mends back slashes: what it would mend is refused before it can.
  if (!/^https?:\/\/[A-Za-z0-9.\-:[\]]{1,255}\/?$/.test(url)) {
    return refuse("url", "https://host or https://host:port, without user, path, query or control characters")
  }
  if (!URL.canParse(url) || new URL(url).port === "0") return refuse("url", "a URL with a valid host and port")
  const parsed = new URL(url)
  if (parsed.protocol === "http:" && !isLoopback(parsed.hostname)) {
    return refuse("url", "https: (http: is for a loopback host only)")
  }
  return Result.succeed({
    origin: parsed.origin,
    host: parsed.host,
    hostname: parsed.hostname,
    port: parsed.port === "" ? (parsed.protocol === "http:" ? 80 : 443) : Number(parsed.port),
    region: regionOf(parsed.hostname)
  })
}

/**
 * The endpoint that the options name.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = (options: Options = {}): Result.Result<Endpoint, CloudauthError.InvalidRequest> =>
  Result.flatMap(OwnOptions.own(keys, options), ({ network, region, url }) =>
    url === undefined ? fromRegion(region, network) : fromUrl(url)
  )
