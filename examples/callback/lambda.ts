/** What of a function URL's event is read here. */
export interface LambdaEvent {
  readonly rawPath: string
  readonly rawQueryString: string
  readonly body?: string
  readonly isBase64Encoded: boolean
  readonly requestContext: { readonly http: { readonly method: string } }
}

export const forLambda =
  (callback: (request: Request) => Promise<Response>) =>
  async ({ body, isBase64Encoded, rawPath, rawQueryString, requestContext }: LambdaEvent) => {
    const request = new Request(new URL(`${rawPath}?${rawQueryString}`, "http://localhost"), {
      method: requestContext.http.method,
      body: body === undefined ? null : Buffer.from(body, isBase64Encoded ? "base64" : "utf8")
    })
    const { headers, status } = await callback(request)
    return { statusCode: status, headers: Object.fromEntries(headers) }
  }
