export { layerGlobal as telemetry } from "@effect-cloudauth/otel/CloudauthOtel"
