/** The package's version, for the scope of spans. `scripts/writeVersions.ts` writes it. */
export const version = "0.1.0"
