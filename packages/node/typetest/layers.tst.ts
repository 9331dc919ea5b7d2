/** What the layers of Node need, give, and fail with. */
import type { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
import type { CredentialsError, InvalidRequest } from "@effect-cloudauth/core/CloudauthError"
import { Credentials } from "@effect-cloudauth/core/Credentials"
import * as HttpTransport from "@effect-cloudauth/core/HttpTransport"
import type { Transport, TransportUnavailable } from "@effect-cloudauth/core/Transport"
import type * as Layer from "effect/Layer"
import * as LayerMap from "effect/LayerMap"
import { describe, expect, it } from "tstyche"
import * as DefaultCredentials from "../src/DefaultCredentials.ts"
import * as NodeCloudauth from "../src/NodeCloudauth.ts"
import * as NodeTransport from "../src/NodeTransport.ts"

type Refused = InvalidRequest | TransportUnavailable

describe("NodeCloudauth.layer", () => {
  it("needs nothing; the environment's credentials may be missing", () => {
    expect(NodeCloudauth.layer()).type.toBe<Layer.Layer<Cloudauth, Refused | CredentialsError>>()
    expect(NodeCloudauth.layer({ region: "cn-hongkong", transport: { connections: 5 } })).type.toBe<
      Layer.Layer<Cloudauth, Refused | CredentialsError>
    >()
  })

  it("fails as the given credentials and transport do", () => {
    const credentials = Credentials.layerStatic({ accessKeyId: "id", accessKeySecret: "secret" })
    expect(NodeCloudauth.layer({ credentials })).type.toBe<Layer.Layer<Cloudauth, Refused>>()
    const transport = {} as Layer.Layer<Transport, RangeError>
    const layer = NodeCloudauth.layer({ credentials, transport })
    expect(layer).type.toBeAssignableTo<Layer.Layer<Cloudauth, Refused | RangeError>>()
    expect(layer).type.not.toBeAssignableTo<Layer.Layer<Cloudauth, Refused>>()
  })

  it("does not take layers that still need something, nor a key as it is", () => {
    expect(NodeCloudauth.layer).type.not.toBeCallableWith({ transport: HttpTransport.layer })
    expect(NodeCloudauth.layer).type.not.toBeCallableWith({ credentials: { accessKeyId: "a", accessKeySecret: "b" } })
    expect(NodeCloudauth.layer).type.not.toBeCallableWith({ network: "intranet" })
  })

  it("keeps its errors in the lookup of a LayerMap", () => {
    class Tenants extends LayerMap.Service<Tenants>()("app/Tenants", {
      lookup: (region: string) => NodeCloudauth.layer({ region })
    }) {}
    expect(Tenants.get("cn-hongkong")).type.toBe<Layer.Layer<Cloudauth, Refused | CredentialsError, Tenants>>()
    class Keyed extends LayerMap.Service<Keyed>()("app/Keyed", {
      lookup: (region: string) =>
        NodeCloudauth.layer({ region, credentials: Credentials.layerConfig(), transport: NodeTransport.layer() })
    }) {}
    expect(Keyed.get("cn-hongkong")).type.toBeAssignableTo<Layer.Layer<Cloudauth, Refused | CredentialsError, Keyed>>()
    expect(Keyed.get("cn-hongkong")).type.not.toBeAssignableTo<Layer.Layer<Cloudauth, Refused, Keyed>>()
  })
})

describe("NodeTransport.layer", () => {
  it("needs nothing", () => {
    expect(NodeTransport.layer()).type.toBe<Layer.Layer<Transport, Refused>>()
    expect(NodeTransport.layer).type.toBeCallableWith({ proxy: "http://localhost:3128" })
    expect(NodeTransport.layer).type.not.toBeCallableWith({ keepAlive: "a while" })
    expect(NodeTransport.layer).type.not.toBeCallableWith({ http2: true })
  })
})

describe("DefaultCredentials.layer", () => {
  it("needs nothing, and fails when a key is asked for, not before", () => {
    expect(DefaultCredentials.layer()).type.toBe<Layer.Layer<Credentials>>()
    expect(DefaultCredentials.layer).type.not.toBeCallableWith({ sources: ["keychain"] })
    expect(DefaultCredentials.layer).type.not.toBeCallableWith({ assumeRole: {} })
  })
})
