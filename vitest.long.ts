import { tests } from "./vitest.workspace.ts"

/** What `pnpm test:long` runs: minutes, with PostgreSQL, Redis and Chromium if they are installed. */
export default tests("long")
