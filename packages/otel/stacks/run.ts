/** Runs a stack's application against the vendor and the intake, and records what both get. */
import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { copyFileSync } from "node:fs"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { calls, type Recording } from "./assertions.ts"
import type { Certificates } from "./certificates.ts"
import * as Intake from "./intake.ts"
import { ofExchanges } from "./secrets.ts"
import type { Stack } from "./stacks.ts"
import * as Vendor from "./vendor.ts"

const suffix = "canary4711"
const callbackToken = "canarytoken-of-twenty-and-more"
const notified = "hksb-notified4712"

interface Application {
  readonly process: ChildProcess
  readonly url: string
  /** What it has printed so far. */
  readonly printed: () => string
}

/** Starts it, and waits until it listens. */
const begin = async (
  folder: string,
  application: string,
  start: ReadonlyArray<string>,
  env: Readonly<Record<string, string>>
): Promise<Application> => {
  const child = spawn(process.execPath, ["--import", "./names.mjs", ...start, application], {
    cwd: folder,
    env: { PATH: process.env["PATH"], ...env }
  })
  let printed = ""
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => (printed += text))
  for (let port: string | undefined; child.exitCode === null;) {
    port = /listening on (\d+)/.exec(printed)?.[1]
    if (port !== undefined) return { process: child, url: `http://127.0.0.1:${port}`, printed: () => printed }
    await sleep(50)
  }
  throw new Error(`the application ended: ${printed}`)
}

const end = async ({ process: child }: Application): Promise<void> => {
  if (child.exitCode !== null) return
  const exited = once(child, "exit")
  child.kill("SIGTERM")
  const timer = setTimeout(() => child.kill("SIGKILL"), 5000)
  await exited
  clearTimeout(timer)
}

/** What a run has recorded so far, and what the application has printed. */
export interface Run {
  readonly recording: () => Recording
  readonly printed: string
}

const post = async (url: string): Promise<void> => {
  const response = await fetch(url, { method: "POST" })
  await response.text()
}

/** The calls of all callers, then the platform's call. */
const drive = async ({ url }: Application, { callers }: Stack): Promise<void> => {
  for (const { order } of calls) for (const caller of callers) await post(`${url}/${caller}/${order}`)
  const callback = new URLSearchParams({ callbackToken, transactionId: notified, passed: "Y" })
  const response = await fetch(`${url}/cloudauth/callback?${callback}`)
  if (response.status !== 200) throw new Error(`the callback was answered with ${response.status}`)
}

/** Runs it until `isEnough` of what it has recorded, at most a minute, and ends it. */
export const run = async (
  stack: Stack,
  folder: string,
  certificates: Certificates,
  { environment, isEnough, start }: Pick<Stack, "environment" | "start"> & { readonly isEnough: (run: Run) => boolean }
): Promise<Run> => {
  const intake = await Intake.start(certificates)
  const vendor = await Vendor.start(certificates, {})
  const application = stack.callers.includes("promise") ? "application.mjs" : "effectApplication.mjs"
  for (const file of [application, "names.mjs"]) copyFileSync(join(folder, "..", file), join(folder, file))
  const recording = (): Recording => ({
    spans: stack.wire(intake.requests),
    requests: intake.requests,
    exchanges: vendor.exchanges,
    callers: stack.callers,
    operation: stack.operation,
    attempt: stack.attempt,
    secrets: [vendor.accessKeyId, vendor.accessKeySecret, suffix, ...ofExchanges(vendor.exchanges)],
    callbackSecrets: [callbackToken, notified]
  })
  try {
    const started = await begin(folder, application, start, {
      ALIBABA_CLOUD_ACCESS_KEY_ID: vendor.accessKeyId,
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: vendor.accessKeySecret,
      CALLBACK_TOKEN: callbackToken,
      CLOUDAUTH_ENDPOINT: vendor.url,
      ID_SUFFIX: suffix,
      NODE_EXTRA_CA_CERTS: certificates.path,
      NO_COLOR: "1",
      ...environment,
      ...stack.sendTo(intake)
    })
    try {
      const deadline = performance.now() + 60_000
      while (stack.isConnected?.(intake.requests) === false && performance.now() < deadline) await sleep(250)
      await drive(started, stack)
      while (!isEnough({ recording, printed: started.printed() }) && performance.now() < deadline) await sleep(250)
    } finally {
      await end(started)
    }
    return { recording, printed: started.printed() }
  } finally {
    intake.close()
    await vendor.close()
  }
}
