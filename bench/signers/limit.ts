import { nextCall, workloads } from "../workloads.ts"
import { sign } from "../clients/acs3.ts"
import type { CreateSigner } from "./Signer.ts"
import { signedHost } from "./Signer.ts"

export const create: CreateSigner = () => () =>
  sign(signedHost, nextCall(workloads.small1)).headers["authorization"] ?? ""
