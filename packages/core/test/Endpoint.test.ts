import { assert, describe, it } from "@effect/vitest"
import * as Result from "effect/Result"
import * as Endpoint from "../src/Endpoint.ts"
import { endpoints } from "./fixtures/vendorPage.ts"

const of = (options?: Endpoint.Options) => Result.getOrThrow(Endpoint.make(options))

describe("Endpoint.fromRegion", () => {
  it("is the vendor's public endpoint in Hong Kong by default", () => {
    assert.deepStrictEqual(of(), {
      origin: `https://${endpoints.public}`,
      host: endpoints.public,
      hostname: endpoints.public,
      port: 443,
      region: "cn-hongkong"
    })
  })

  it("has the VPC's own host", () => {
    assert.strictEqual(of({ network: "vpc" }).host, endpoints.vpc)
  })

  it.each([
    ["ap-southeast-1", "public", "cloudauth-intl.ap-southeast-1.aliyuncs.com"],
    ["ap-southeast-3", "vpc", "cloudauth-intl-vpc.ap-southeast-3.aliyuncs.com"],
    ["ap-southeast-5", "public", "cloudauth-intl.ap-southeast-5.aliyuncs.com"]
  ] as const)("%s over %s is %s", (region, network, host) => {
    assert.deepInclude(of({ region, network }), { host, region, port: 443, origin: `https://${host}` })
  })

  it.each([
    "",
    " ",
    "cn-hongkong ",
    "cn-hongkong\n",
    "CN-HONGKONG",
    "cn_hongkong",
    "hongkong",
    "cn-hongkong.evil.com/",
    "evil.com#",
    "cn-hong/kong",
    "cn-hong@kong",
    "cn-ｈongkong",
    "cn-hongkong\u0000",
    "a-".repeat(100),
    "eu-central-1",
    "cn-hongkong-1"
  ])("refuses the region %j, and names those that there are", (region) => {
    const refused = Endpoint.make({ region })
    assert.deepInclude(Result.isFailure(refused) && refused.failure, { _tag: "InvalidRequest", path: "region" })
    assert.include(
      Result.isFailure(refused) && refused.failure.message,
      "one of cn-hongkong, ap-southeast-1, ap-southeast-3, ap-southeast-5; for another endpoint give its url"
    )
  })

  it("refuses a network that is neither public nor vpc", () => {
    const refused = Endpoint.fromRegion("cn-hongkong", "intranet" as Endpoint.Network) // as untyped callers can
    assert.deepInclude(Result.isFailure(refused) && refused.failure, { _tag: "InvalidRequest", path: "network" })
  })
})

const accepted: ReadonlyArray<[url: string, host: string, port: number]> = [
  ["https://cloudauth-intl.cn-hongkong.aliyuncs.com", "cloudauth-intl.cn-hongkong.aliyuncs.com", 443],
  ["https://cloudauth-intl.cn-hongkong.aliyuncs.com/", "cloudauth-intl.cn-hongkong.aliyuncs.com", 443],
  ["https://example.com:443", "example.com", 443],
  ["https://example.com:8443", "example.com:8443", 8443],
  ["https://EXAMPLE.com", "example.com", 443],
  ["https://10.0.0.1", "10.0.0.1", 443],
  ["https://[2001:db8::1]:8443", "[2001:db8::1]:8443", 8443],
  ["http://localhost", "localhost", 80],
  ["http://localhost:80", "localhost", 80],
  ["http://LOCALHOST:8080", "localhost:8080", 8080],
  ["http://127.0.0.1:3000/", "127.0.0.1:3000", 3000],
  ["http://127.255.255.254:3000", "127.255.255.254:3000", 3000],
  ["http://[::1]:3000", "[::1]:3000", 3000]
]

const refused: ReadonlyArray<[why: string, url: string]> = [
  ["empty", ""],
  ["no scheme", "example.com"],
  ["a relative scheme", "//example.com"],
  ["another scheme", "ftp://example.com"],
  ["another scheme", "ws://127.0.0.1"],
  ["a script", "javascript:alert(1)"],
  ["a file", "file:///etc/passwd"],
  ["a user", "https://user@example.com"],
  ["a user and a password", "https://user:secret@example.com"],
  ["an empty user", "https://@example.com"],
  ["a host as the user", "https://cloudauth-intl.cn-hongkong.aliyuncs.com@evil.com"],
  ["a user in an encoded form", "https://user%40example.com"],
  ["a path", "https://example.com/path"],
  ["two slashes", "https://example.com//"],
  ["dots for a path", "https://example.com/.."],
  ["a query", "https://example.com?x=1"],
  ["an empty query", "https://example.com/?"],
  ["a fragment", "https://example.com#x"],
  ["an empty fragment", "https://example.com/#"],
  ["a leading space", " https://example.com"],
  ["a trailing space", "https://example.com "],
  ["a trailing newline", "https://example.com\n"],
  ["a newline in the host", "https://exam\nple.com"],
  ["a tab in the host", "https://exam\tple.com"],
  ["a carriage return", "https://example.com\r\nHost: evil.com"],
  ["a NUL", "https://example.com\u0000"],
  ["a DEL", "https://example.com\u007f"],
  ["back slashes for slashes", "https:\\\\example.com"],
  ["a back slash after the host", "https://example.com\\@evil.com"],
  ["one slash", "https:/example.com"],
  ["three slashes", "https:///example.com"],
  ["a full-width dot", "https://example\uff0ecom"],
  ["a full-width letter", "https://\uff45xample.com"],
  ["a Cyrillic look-alike", "https://ex\u0430mple.com"],
  ["a full-width slash", "https://example.com\uff0fpath"],
  ["a circled digit", "http://①27.0.0.1"],
  ["a right-to-left mark", "https://example.com\u200f"],
  ["a soft hyphen", "https://exam\u00adple.com"],
  ["a zero-width space", "https://exam\u200bple.com"],
  ["percent-encoding", "https://example%2ecom"],
  ["a port that is too large", "https://example.com:65536"],
  ["a port that is no number", "https://example.com:port"],
  ["a negative port", "https://example.com:-1"],
  ["two ports", "https://example.com:1:2"],
  ["no host", "https://"],
  ["only a port", "https://:443"],
  ["half an IPv6 address", "https://[::1"],
  ["an invalid IPv6 address", "https://[::g]"],
  ["an invalid IPv4 address", "https://256.256.256.256"],
  ["an IPv6 zone", "https://[fe80::1%25eth0]"],
  ["http to a public host", "http://example.com"],
  ["http to the vendor", "http://cloudauth-intl.cn-hongkong.aliyuncs.com"],
  ["http to a host that starts as loopback", "http://127.0.0.1.evil.com"],
  ["http to a host that starts as localhost", "http://localhost.evil.com"],
  ["http to a host that ends as localhost", "http://evil-localhost"],
  ["http to localhost with a dot", "http://localhost."],
  ["http to a private address", "http://10.0.0.1"],
  ["http to any address", "http://0.0.0.0"],
  ["http to 128.0.0.1", "http://128.0.0.1"],
  ["http to an IPv6 address", "http://[::2]"],
  ["http to a mapped loopback address", "http://[::ffff:127.0.0.1]"],
  ["a host of 300 letters", `https://${"a".repeat(300)}.com`]
]

describe("Endpoint.fromUrl", () => {
  it.each([
    ["https://cloudauth-intl.ap-southeast-1.aliyuncs.com", "ap-southeast-1"],
    ["https://cloudauth-intl-vpc.ap-southeast-3.aliyuncs.com:443/", "ap-southeast-3"],
    ["https://cloudauth-intl.eu-central-1.aliyuncs.com", "eu-central-1"],
    ["https://cloudauth-intl.aliyuncs.com", undefined],
    ["https://cloudauth-intl.cn-hongkong.aliyuncs.com.example.com", undefined],
    ["https://cloudauth-intl-cn-hongkong.example.com", undefined],
    ["https://127.0.0.1", undefined]
  ])("reads the region off the service's own host alone: %s", (url, region) => {
    assert.strictEqual(Result.getOrThrow(Endpoint.fromUrl(url)).region, region)
  })

  it.each(accepted)("accepts %s", (url, host, port) => {
    const endpoint = of({ url })
    assert.deepInclude(endpoint, { host, port })
    assert.strictEqual(endpoint.origin, `${url.split(":")[0]}://${host}`)
  })

  it.each(refused)("refuses %s: %j", (_, url) => {
    const result = Endpoint.make({ url })
    assert.deepInclude(Result.isFailure(result) && result.failure, {
      _tag: "InvalidRequest",
      path: "url",
      attempts: 0
    })
  })

  it.each(["http://0x7f.1", "http://2130706433", "http://127.1"])("takes %s for what it is, 127.0.0.1", (url) => {
    assert.strictEqual(of({ url }).hostname, "127.0.0.1")
  })

  it("refuses port 0", () => {
    assert.isTrue(Result.isFailure(Endpoint.fromUrl("https://example.com:0")))
  })

  it("does not quote the refused URL, which may hold a password", () => {
    const result = Endpoint.make({ url: "https://user:hunter2@example.com" })
    assert.notMatch(Result.isFailure(result) && result.failure.message, /hunter2|user:/)
  })

  it("wins over the region", () => {
    assert.strictEqual(of({ url: "https://example.com", region: "ap-southeast-1", network: "vpc" }).host, "example.com")
  })
})
