import * as Sentry from "@sentry/node"

// The client's requests carry ids in their URL: Sentry leaves them out, and adds no header to them.
const ignoreOutgoingRequests = (url) => url.includes("cloudauth-intl")

Sentry.init({
  dsn: process.env.SENTRY_DSN,
  tracesSampleRate: 1,
  enableOpenTelemetrySetup: true, // so that OpenTelemetry's spans are Sentry's
  dataCollection: { urlQueryParams: { deny: ["transactionId"] } }, // the callback's
  integrations: [
    Sentry.nativeNodeFetchIntegration({ ignoreOutgoingRequests }),
    Sentry.httpIntegration({ ignoreOutgoingRequests })
  ]
})
