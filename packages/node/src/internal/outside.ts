/** Hides requests from the tracers of the process: their URLs hold ids, and the vendor is a third party. */
import { AsyncLocalStorage } from "node:async_hooks"
import { suppressTracing } from "@effect-cloudauth/core/Telemetry"

/** The asynchronous context in which this module was loaded: outside of every request of the application. */
const snapshot = AsyncLocalStorage.snapshot()

/**
 * Runs a function outside of every request, and with OpenTelemetry's tracing suppressed. New Relic, Elastic APM and
 * others trace only what happens inside a request.
 */
export const outside = <A>(run: () => A): A => snapshot(suppressTracing<A>, run)
