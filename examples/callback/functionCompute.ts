/** What of an HTTP trigger's event is read here. */
export interface FunctionComputeEvent {
  readonly rawPath: string
  readonly queryParameters?: Readonly<Record<string, string>>
  readonly body?: string
  readonly isBase64Encoded: boolean
  readonly requestContext: { readonly http: { readonly method: string } }
}

export const forFunctionCompute =
  (callback: (request: Request) => Promise<Response>) =>
  // The event is the JSON of a request, in bytes.
  async (event: Uint8Array) => {
    const { body, isBase64Encoded, queryParameters, rawPath, requestContext }: FunctionComputeEvent = JSON.parse(
      Buffer.from(event).toString()
    )
    const { method } = requestContext.http
    const url = new URL(`${rawPath}?${new URLSearchParams(queryParameters)}`, "http://localhost")
    const bytes = Buffer.from(body ?? "", isBase64Encoded ? "base64" : "utf8")
    const { headers, status } = await callback(new Request(url, { method, body: method === "POST" ? bytes : null }))
    return { statusCode: status, headers: Object.fromEntries(headers) }
  }
