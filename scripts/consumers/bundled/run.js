// Calls what a bundler made: node run.js BUNDLE
import { pathToFileURL } from "node:url"

const { check } = await import(pathToFileURL(process.argv[2]).href)
console.log(
  await check({
    url: process.env.CLOUDAUTH_ENDPOINT,
    accessKeyId: process.env.ALIBABA_CLOUD_ACCESS_KEY_ID,
    accessKeySecret: process.env.ALIBABA_CLOUD_ACCESS_KEY_SECRET
  })
)
