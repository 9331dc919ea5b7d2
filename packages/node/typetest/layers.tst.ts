/** What the layers of Node need, give, and fail with. */
import type { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
import type { InvalidRequest } from "@effect-cloudauth/core/CloudauthError"
import { Credentials } from "@effect-cloudauth/core/Credentials"
import type { ConfigError } from "effect/Config"
import type * as Effect from "effect/Effect"
import type { HttpClient } from "effect/http/HttpClient"
import type * as Layer from "effect/Layer"
import { describe, expect, it } from "tstyche"
import * as DefaultCredentials from "../src/DefaultCredentials.ts"
import * as NodeCloudauth from "../src/NodeCloudauth.ts"
import * as NodeTransport from "../src/NodeTransport.ts"
import * as Qps from "../src/Qps.ts"

describe("NodeCloudauth.layer", () => {
  it("needs nothing; the environment's credentials may be missing", () => {
    expect(NodeCloudauth.layer()).type.toBe<Layer.Layer<Cloudauth, InvalidRequest | ConfigError>>()
    expect(NodeCloudauth.layer({ region: "cn-hongkong", transport: { http2: true } })).type.toBe<
      Layer.Layer<Cloudauth, InvalidRequest | ConfigError>
    >()
  })

  it("fails as the given credentials and transport do", () => {
    const credentials = Credentials.layerStatic({ accessKeyId: "id", accessKeySecret: "secret" })
    expect(NodeCloudauth.layer({ credentials })).type.toBe<Layer.Layer<Cloudauth, InvalidRequest>>()
    const transport = {} as Layer.Layer<HttpClient, RangeError>
    expect(NodeCloudauth.layer({ credentials, transport })).type.toBe<
      Layer.Layer<Cloudauth, InvalidRequest | RangeError>
    >()
  })

  it("does not take layers that still need something, nor a key as it is", () => {
    expect(NodeCloudauth.layer).type.not.toBeCallableWith({ transport: Qps.layer({ limit: 10 }) })
    expect(NodeCloudauth.layer).type.not.toBeCallableWith({ credentials: { accessKeyId: "a", accessKeySecret: "b" } })
    expect(NodeCloudauth.layer).type.not.toBeCallableWith({ network: "intranet" })
  })
})

describe("transports", () => {
  it("need nothing", () => {
    expect(NodeTransport.layer()).type.toBe<Layer.Layer<HttpClient, InvalidRequest>>()
    expect(NodeTransport.layerNodeHttp()).type.toBe<Layer.Layer<HttpClient, InvalidRequest>>()
    expect(NodeTransport.layerFetch).type.toBe<Layer.Layer<HttpClient>>()
  })

  it("of node:http have no proxy and no HTTP/2", () => {
    expect(NodeTransport.layerNodeHttp).type.not.toBeCallableWith({ proxy: "none" })
    expect(NodeTransport.layerNodeHttp).type.not.toBeCallableWith({ http2: true })
    expect(NodeTransport.layer).type.toBeCallableWith({ proxy: "http://localhost:3128", http2: true })
    expect(NodeTransport.layer).type.not.toBeCallableWith({ keepAlive: "a while" })
  })
})

describe("Qps", () => {
  it("limits a transport that is given to it", () => {
    expect(Qps.layer({ limit: 10 })).type.toBe<Layer.Layer<HttpClient, InvalidRequest, HttpClient>>()
    expect(Qps.make({ limit: 10 })).type.toBe<Effect.Effect<Qps.Limiter, InvalidRequest>>()
    expect<Qps.Limiter>().type.toBe<Effect.Effect<void>>()
  })

  it("does not compile without a limit", () => {
    expect(Qps.layer).type.not.toBeCallableWith({})
    expect(Qps.layer).type.not.toBeCallableWith({ limit: "10" })
    expect(Qps.layer).type.not.toBeCallableWith({ limit: 10, window: "a second" })
  })
})

describe("DefaultCredentials.layer", () => {
  it("needs nothing, and fails when a key is asked for, not before", () => {
    expect(DefaultCredentials.layer()).type.toBe<Layer.Layer<Credentials>>()
    expect(DefaultCredentials.layer).type.not.toBeCallableWith({ sources: ["keychain"] })
    expect(DefaultCredentials.layer).type.not.toBeCallableWith({ assumeRole: {} })
  })
})
