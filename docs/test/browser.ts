/** A real Chromium, Debian's, headless; and the built site on a port of the loopback. */
import { existsSync, readFileSync, statSync } from "node:fs"
import { once } from "node:events"
import { createServer } from "node:http"
import { extname, join } from "node:path"
import { chromium } from "playwright-core"

const executablePath = process.env["CLOUDAUTH_TEST_CHROMIUM"] ?? "/usr/bin/chromium"

/** In CI a missing browser is a failure, elsewhere a loud gap. */
export const isSkipped = !existsSync(executablePath) && process.env["CI"] !== "true"
if (isSkipped) {
  process.stderr.write(
    `SKIPPED: the site in a browser. Install Chromium at ${executablePath}, or set CLOUDAUTH_TEST_CHROMIUM.\n`
  )
}

export const launch = () =>
  chromium.launch({
    executablePath,
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync"
    ]
  })

const types: Readonly<Record<string, string>> = {
  ".css": "text/css",
  ".html": "text/html",
  ".js": "text/javascript",
  ".png": "image/png",
  ".svg": "image/svg+xml"
}

/** Serves a folder as it is. */
export const serve = async (folder: string) => {
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? "/", "http://localhost").pathname)
    const file = join(folder, path.endsWith("/") ? `${path}index.html` : path)
    if (existsSync(file) && statSync(file).isFile()) {
      response.writeHead(200, { "content-type": types[extname(file)] ?? "application/octet-stream" })
      response.end(readFileSync(file))
    } else {
      response.writeHead(404).end()
    }
  }).listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  const port = typeof address === "object" && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => new Promise<void>((resolve) => server.close(() => resolve()))
  }
}
