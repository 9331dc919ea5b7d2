/** The pnpm that runs this script, so that a pinned version stays the one that runs; without one the newest 12. */
export const pnpm: readonly [string, ...ReadonlyArray<string>] = process.env["npm_config_user_agent"]?.startsWith(
  "pnpm/"
)
  ? ["pnpm"]
  : ["npx", "-y", "pnpm@12"]
