import { useAzureMonitor } from "@azure/monitor-opentelemetry"

useAzureMonitor()
