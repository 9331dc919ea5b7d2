import tracer from "dd-trace"

tracer.init()

// The client's requests carry ids in their URL: dd-trace leaves them out, and adds no header to them.
const vendor = { blocklist: [/cloudauth-intl/], propagationBlocklist: [/cloudauth-intl/] }
for (const plugin of ["undici", "fetch"]) tracer.use(plugin, vendor)

tracer.use("http", { server: { queryStringObfuscation: true } }) // the callback's query

new tracer.TracerProvider().register() // so that OpenTelemetry's spans are Datadog's
