/**
 * Every code that the emulator can answer with: its HTTP status, who sends it (the gateway or the service behind it) and its message.
 *
 * @category models
 * @since 0.1.0
 */
export interface CodeFacts {
  readonly status: number
  readonly from: "gateway" | "service"
  readonly message: string
}

/**
 * The service's codes are those of the vendor's page; the gateway's come before the service sees the call.
 *
 * @category models
 * @since 0.1.0
 */
export const codes = {
  MissingParameter: { status: 400, from: "service", message: "Parameter cannot be empty." },
  InvalidParameter: { status: 400, from: "service", message: "Invalid parameter." },
  TransactionIdInvalid: { status: 400, from: "service", message: "Invalid Transaction ID." },
  "Forbidden.RAMUserAccessDenied": {
    status: 403,
    from: "service",
    message: "You need to grant the RAM user the AliyunAntCloudAuthFullAccess permission."
  },
  "Forbidden.AccountAccessDenied": {
    status: 403,
    from: "service",
    message: "Ensure that you have activated ID verification and your account has no overdue payment."
  },
  "Throttling.Api": { status: 403, from: "service", message: "API request is blocked due to throttling." },
  ProcessNotCompleted: {
    status: 404,
    from: "service",
    message: "The entire authentication process is not completed."
  },
  InternalError: { status: 500, from: "service", message: "Internal system error." },
  "InvalidAccessKeyId.NotFound": { status: 404, from: "gateway", message: "Specified access key is not found." },
  "InvalidAccessKeyId.Inactive": { status: 403, from: "gateway", message: "Specified access key is disabled." },
  SignatureDoesNotMatch: {
    status: 400,
    from: "gateway",
    message: "Specified signature is not matched with our calculation."
  },
  IncompleteSignature: {
    status: 400,
    from: "gateway",
    message: "The request signature does not conform to the standard."
  },
  SignatureNonceUsed: { status: 400, from: "gateway", message: "Specified signature nonce was used already." },
  "InvalidTimeStamp.Expired": {
    status: 400,
    from: "gateway",
    message: "Specified time stamp or date value is expired."
  },
  IllegalTimestamp: { status: 400, from: "gateway", message: "Specified time stamp or date value is not valid." },
  "InvalidSecurityToken.Expired": { status: 400, from: "gateway", message: "Specified SecurityToken is expired." },
  "InvalidSecurityToken.Malformed": { status: 400, from: "gateway", message: "Specified SecurityToken is malformed." },
  Throttling: { status: 400, from: "gateway", message: "Request was denied due to request throttling." },
  "Throttling.User": { status: 400, from: "gateway", message: "Request was denied due to user flow control." },
  ServiceUnavailable: {
    status: 503,
    from: "gateway",
    message: "The request has failed due to a temporary failure of the server."
  },
  "InvalidAction.NotFound": {
    status: 404,
    from: "gateway",
    message: "Specified api is not found, please check your url and method."
  },
  InvalidVersion: { status: 400, from: "gateway", message: "Specified parameter Version is not valid." },
  UnsupportedHTTPMethod: { status: 400, from: "gateway", message: "This http method is not supported." }
} as const satisfies Record<string, CodeFacts>

/**
 * A code that the emulator can answer with.
 *
 * @category models
 * @since 0.1.0
 */
export type Code = keyof typeof codes

const table: ReadonlyMap<string, CodeFacts> = new Map(Object.entries(codes))

/**
 * The facts of a known code; an unknown one is the service's, with status 400.
 *
 * @category getters
 * @since 0.1.0
 */
export const facts = (code: string): CodeFacts =>
  table.get(code) ?? { status: 400, from: "service", message: `Specified by the scenario: ${code}.` }
