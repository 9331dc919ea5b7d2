/** What is known of a call's spans before they begin. */
import * as Context from "effect/Context"
import type * as Tracer from "effect/Tracer"
import type { Endpoint } from "../../Endpoint.ts"
import { Attribute, StartAttributes } from "../../Telemetry.ts"

/** The attributes of a span from its beginning, and the annotations that hand them to a tracer's sampler. */
export interface SpanStart {
  readonly attributes: Readonly<Record<string, string | number>>
  readonly annotations: Context.Context<never>
}

/** The starts of a client's spans. They are the same for all calls, so each is made once. */
export interface SpanStarts {
  readonly attempt: SpanStart
  readonly operation: (action: string) => SpanStart
}

export const make = (endpoint: Endpoint): SpanStarts => {
  const operations = new Map<string, SpanStart>()
  return {
    attempt: startOf(attemptOf(endpoint)),
    operation: (action) => {
      const known = operations.get(action)
      if (known !== undefined) return known
      const start = startOf(operationOf(endpoint, action))
      operations.set(action, start)
      return start
    }
  }
}

/** Sets on a span what was known before it began, and what its tracer has not set. */
export const describe = (span: Tracer.Span, { attributes }: SpanStart): void => {
  const left = Context.get(span.annotations, StartAttributes) ?? attributes
  for (const key of Object.keys(left)) span.attribute(key, left[key])
}

const startOf = (attributes: SpanStart["attributes"]): SpanStart => ({
  attributes,
  annotations: Context.make(StartAttributes, attributes)
})

const operationOf = ({ hostname, port, region }: Endpoint, action: string): SpanStart["attributes"] => ({
  [Attribute.rpcSystemName]: "alibaba_cloud",
  [Attribute.rpcMethod]: `Cloudauth/${action}`,
  // For backends that do not know the names above, or draw their maps by these: they would show the call as "unknown".
  [Attribute.rpcSystem]: "alibaba_cloud",
  [Attribute.rpcService]: "Cloudauth",
  [Attribute.peerService]: "Cloudauth",
  [Attribute.servicePeerName]: "Cloudauth",
  ...(region === undefined ? undefined : { [Attribute.cloudRegion]: region }),
  [Attribute.serverAddress]: hostname,
  [Attribute.serverPort]: port
})

const attemptOf = ({ hostname, origin, port }: Endpoint): SpanStart["attributes"] => ({
  [Attribute.httpRequestMethod]: "POST",
  [Attribute.serverAddress]: hostname,
  [Attribute.serverPort]: port,
  // Without the query, which holds ids.
  [Attribute.urlFull]: `${origin}/`
})
