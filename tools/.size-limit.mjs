/** What programs weigh in a bundle, after gzip: of the packages as they are published. */
import { join } from "node:path"

const published = { "@effect-cloudauth/core": join(import.meta.dirname, "../packages/core/dist") }

const budget = (name, program, limit, ignore = []) => ({
  name,
  path: `../bench/size/${program}.js`,
  ignore,
  limit,
  gzip: true,
  modifyEsbuildConfig: (config) => ({ ...config, alias: published })
})

export default [
  budget("one call, without Effect", "ours", "48 kB", ["effect"]),
  budget("one call, with Effect", "ours", "100.5 kB"),
  budget("the same call by hand, with Effect", "plain", "49 kB"),
  budget("the texts of sub codes: nothing of a call, and no Effect", "texts", "2 kB")
]
