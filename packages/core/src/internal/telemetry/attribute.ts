/** The names of attributes, apart from the module that exports them: metrics need them first. */

/**
 * The names of the attributes on spans, events, logs and metrics: OpenTelemetry's where its semantic conventions (1.45)
 * have one, else under `cloudauth.`, and one that is Effect's. `@effect-cloudauth/otel/Attributes` says what each means and when it is there.
 *
 * @category constants
 * @since 0.1.0
 */
export const Attribute = {
  rpcSystemName: "rpc.system.name",
  rpcMethod: "rpc.method",
  rpcStatusCode: "rpc.status_code",
  rpcSystem: "rpc.system",
  rpcService: "rpc.service",
  peerService: "peer.service",
  servicePeerName: "service.peer.name",
  cloudRegion: "cloud.region",
  serverAddress: "server.address",
  serverPort: "server.port",
  httpRequestMethod: "http.request.method",
  httpRequestResendCount: "http.request.resend_count",
  httpResponseStatusCode: "http.response.status_code",
  httpResponseBodySize: "http.response.body.size",
  networkProtocolVersion: "network.protocol.version",
  urlFull: "url.full",
  errorType: "error.type",
  interrupted: "effect.fiber.interrupted",
  attempts: "cloudauth.attempts",
  billed: "cloudauth.billed",
  credentialRefresh: "cloudauth.credential.refresh",
  credentialWait: "cloudauth.credential.wait",
  decodeDuration: "cloudauth.decode.duration",
  document: "cloudauth.document",
  imageBytes: "cloudauth.image.bytes",
  journeyStep: "cloudauth.journey.step",
  limiterWait: "cloudauth.limiter.wait",
  merchantBizId: "cloudauth.merchant_biz_id",
  outcome: "cloudauth.outcome",
  phase: "cloudauth.phase",
  quotaShare: "cloudauth.quota.share",
  quotaWaiting: "cloudauth.quota.waiting",
  requestId: "cloudauth.request_id",
  responseCode: "cloudauth.response.code",
  retryClass: "cloudauth.retry.class",
  retryDelay: "cloudauth.retry.delay",
  spoofBack: "cloudauth.spoof.back",
  spoofFront: "cloudauth.spoof.front",
  subCode: "cloudauth.sub_code",
  transactionId: "cloudauth.transaction_id",
  verdict: "cloudauth.verdict",
  warningPath: "cloudauth.warning.path",
  warnings: "cloudauth.warnings",
  spanId: "span_id",
  traceId: "trace_id"
} as const
