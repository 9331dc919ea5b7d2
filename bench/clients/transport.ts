/** What our client runs on in Node: the default transport and node's own crypto. */
import * as NodeCrypto from "@effect-cloudauth/node/NodeCrypto"
import * as NodeTransport from "@effect-cloudauth/node/NodeTransport"
import * as Layer from "effect/Layer"
import { maxConnections } from "./BenchClient.ts"

export const nodeTransport = NodeTransport.layer({ connections: maxConnections })

export const transport = Layer.merge(nodeTransport, NodeCrypto.layer)
