/** The package's version, for the scope of spans and metrics. `scripts/writeVersions.ts` writes it. */
export const version = "0.1.0"
