import * as JsonSchema from "effect/JsonSchema"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as Protocol from "../Protocol.ts"

export const json = (status: number, value: unknown): Protocol.Response => ({
  status,
  headers: [
    ["content-type", "application/json; charset=utf-8"],
    ["cache-control", "no-store"],
    ["x-content-type-options", "nosniff"]
  ],
  body: Buffer.from(JSON.stringify(value))
})

export const problem = (status: number, message: string): Protocol.Response => json(status, { error: message })

export const image = (type: string, body: Uint8Array): Protocol.Response => ({
  status: 200,
  headers: [
    ["content-type", type],
    ["x-content-type-options", "nosniff"]
  ],
  body
})

interface Input<Body> {
  readonly parameter: (name: string) => string
  readonly query: ReadonlyMap<string, string>
  readonly body: Body
}

interface Options<Body, Answer> {
  readonly method: "GET" | "PUT" | "POST" | "DELETE"
  /** With `{name}` for a segment that varies. */
  readonly path: string
  readonly summary: string
  readonly query?: ReadonlyArray<string>
  readonly body?: Schema.ConstraintDecoder<Body>
  readonly response?: Schema.Codec<Answer, unknown> | "image"
  readonly run: (input: Input<Body>) => Answer | Protocol.Response | undefined | void
}

export interface Route {
  readonly method: string
  readonly path: string
  readonly summary: string
  readonly query: ReadonlyArray<string>
  readonly body: Schema.Constraint | undefined
  readonly response: Schema.Constraint | "image" | undefined
  readonly run: (input: Input<unknown>) => Protocol.Response
}

const isResponse = (value: unknown): value is Protocol.Response =>
  typeof value === "object" && value !== null && "headers" in value && "body" in value

export const make = <Body = undefined, Answer = undefined>(options: Options<Body, Answer>): Route => {
  const decode = options.body === undefined ? undefined : Schema.decodeUnknownResult(options.body)
  return {
    method: options.method,
    path: options.path,
    summary: options.summary,
    query: options.query ?? [],
    body: options.body,
    response: options.response,
    run: (input) => {
      const answer = (body: Body): Protocol.Response => {
        const value = options.run({ ...input, body })
        if (isResponse(value)) return value
        return value === undefined ? { status: 204, headers: [], body: new Uint8Array() } : json(200, value)
      }
      // Without a body schema `Body` is `undefined`, which is what such a route is given.
      if (decode === undefined) return answer(undefined as Body)
      const decoded = decode(input.body)
      return Result.isFailure(decoded) ? problem(400, String(decoded.failure)) : answer(decoded.success)
    }
  }
}

const segments = (path: string): ReadonlyArray<string> => path.split("/").slice(1)

const match = (template: string, path: string): ReadonlyMap<string, string> | undefined => {
  const wanted = segments(template)
  const arrived = segments(path)
  if (wanted.length !== arrived.length) return undefined
  const parameters = new Map<string, string>()
  for (const [index, segment] of wanted.entries()) {
    const value = arrived[index] ?? ""
    if (!segment.startsWith("{")) {
      if (segment !== value) return undefined
      continue
    }
    // A plus is a plus in a path; `parsePairs` would take it for a blank.
    const decoded = Protocol.parsePairs(`x=${value.replaceAll("+", "%2B")}`)?.[0]?.[1]
    if (decoded === undefined || decoded === "") return undefined
    parameters.set(segment.slice(1, -1), decoded)
  }
  return parameters
}

const readJson = (request: Protocol.Request): Result.Result<unknown, Protocol.Response> => {
  // A page of another origin can send other types without asking first; this one it cannot.
  if (Protocol.header(request, "content-type")?.split(";")[0]?.trim().toLowerCase() !== "application/json") {
    return Result.fail(problem(415, "The body must be application/json."))
  }
  try {
    return Result.succeed(JSON.parse(Buffer.from(request.body).toString("utf8")))
  } catch {
    return Result.fail(problem(400, "The body is not JSON."))
  }
}

export const dispatch = (routes: ReadonlyArray<Route>, request: Protocol.Request): Protocol.Response => {
  const { path, query } = Protocol.splitTarget(request.target)
  const candidates = routes.flatMap((route) => {
    const parameters = match(route.path, path)
    return parameters === undefined ? [] : [{ route, parameters }]
  })
  if (candidates.length === 0) return problem(404, "No such path; see /_admin/openapi.json.")
  const chosen = candidates.find(({ route }) => route.method === request.method)
  if (chosen === undefined) return problem(405, "This path has other methods; see /_admin/openapi.json.")
  const body = chosen.route.body === undefined ? Result.succeed(undefined) : readJson(request)
  if (Result.isFailure(body)) return body.failure
  return chosen.route.run({
    parameter: (name) => chosen.parameters.get(name) ?? "",
    query: new Map(Protocol.parsePairs(query) ?? []),
    body: body.success
  })
}

const operation = (
  route: Route,
  schemaOf: (schema: Schema.Constraint) => JsonSchema.JsonSchema
): Record<string, unknown> => {
  const inPath = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({ name, in: "path", required: true }))
  const inQuery = route.query.map((name) => ({ name, in: "query", required: false }))
  const parameters = [...inPath, ...inQuery].map((parameter) => ({ ...parameter, schema: { type: "string" } }))
  const content = (schema: JsonSchema.JsonSchema) => ({ "application/json": { schema } })
  const failure = (description: string) => ({
    description,
    content: content({ $ref: "#/components/schemas/Problem" })
  })
  return {
    summary: route.summary,
    operationId: `${route.method.toLowerCase()}${route.path.replace(/[^A-Za-z]+(\w?)/g, (_, letter: string) => letter.toUpperCase())}`,
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(route.body === undefined ? {} : { requestBody: { required: true, content: content(schemaOf(route.body)) } }),
    responses: {
      ...(route.response === undefined
        ? { "204": { description: "Done." } }
        : {
            "200": {
              description: "As asked.",
              content:
                route.response === "image" ? { "image/jpeg": {}, "image/png": {} } : content(schemaOf(route.response))
            }
          }),
      ...(route.body === undefined ? {} : { "400": failure("The body does not fit.") }),
      "403": failure("Not from this host name or origin.")
    }
  }
}

/** The OpenAPI 3.1 document of a table of routes. */
export const openApi = (routes: ReadonlyArray<Route>, needsToken: boolean): Readonly<Record<string, unknown>> => {
  const components: Record<string, JsonSchema.JsonSchema> = {
    Problem: { type: "object", required: ["error"], properties: { error: { type: "string" } } }
  }
  const schemaOf = (schema: Schema.Constraint): JsonSchema.JsonSchema => {
    const { definitions, dialect, schema: root } = Schema.toJsonSchemaDocument(schema)
    const written = JsonSchema.toMultiDocumentOpenApi3_1({ dialect, schemas: [root], definitions })
    Object.assign(components, written.definitions)
    return written.schemas[0]
  }
  const paths: Record<string, Record<string, unknown>> = {}
  for (const route of routes) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operation(route, schemaOf) }
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "effect-cloudauth emulator: admin API",
      version: "0.1.0",
      description: "Scenarios, faults, clock and log of a local CheckResult emulator."
    },
    servers: [{ url: "/" }],
    paths,
    components: {
      schemas: components,
      ...(needsToken ? { securitySchemes: { token: { type: "http", scheme: "bearer" } } } : {})
    },
    ...(needsToken ? { security: [{ token: [] }] } : {})
  }
}
