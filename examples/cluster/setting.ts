/** The servers as `packages/cluster/compose.yaml` starts them, unless the environment names others. */
export const servers = {
  DATABASE_URL: process.env["DATABASE_URL"] ?? "postgres://postgres:cloudauth@127.0.0.1:5432/postgres",
  REDIS_URL: process.env["REDIS_URL"] ?? "redis://127.0.0.1:6379"
}

/** What is collected. */
export const ids = Array.from({ length: 200 }, (_, index) => `example${index}`)
