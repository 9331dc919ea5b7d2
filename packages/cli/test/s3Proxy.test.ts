import { once } from "node:events"
import { writeFileSync } from "node:fs"
import { createServer, type RequestListener } from "node:http"
import { connect } from "node:net"
import { join } from "node:path"
import { Emulator } from "@effect-cloudauth/emulator/Emulator"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as ExitCode from "../src/ExitCode.ts"
import { makeCertificates } from "./certificates.ts"
import { keys, startS3 } from "./s3.ts"
import { directory, environment, start } from "./support.ts"

/** A proxy by which every host is the one at a port of this machine; or one that refuses. */
const makeProxy = (port: number | "refuses") =>
  Effect.acquireRelease(
    Effect.promise(async () => {
      const asked: Array<string> = []
      const plain: RequestListener = (_, response) => void response.writeHead(400).end()
      const server = createServer(plain).on("connect", (request, socket) => {
        asked.push(request.url ?? "")
        socket.on("error", () => {})
        if (port === "refuses") {
          return void socket.end("HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n")
        }
        const target = connect(port, "127.0.0.1", () => socket.write("HTTP/1.1 200 OK\r\n\r\n"))
        target.on("error", () => socket.destroy())
        socket.pipe(target).pipe(socket)
      })
      server.listen(0, "127.0.0.1")
      await once(server, "listening")
      const address = server.address()
      return { server, asked, port: typeof address === "object" && address !== null ? address.port : 0 }
    }),
    ({ server }) =>
      Effect.sync(() => {
        server.closeAllConnections()
        server.close()
      })
  )

const setUp = Effect.gen(function* () {
  const emulator = yield* Emulator
  const path = yield* directory
  const { authority, ...certificate } = makeCertificates(path, "DNS:storage.example")
  const storage = yield* Effect.acquireRelease(
    Effect.promise(() => startS3("us-east-1", certificate)),
    (server) => Effect.promise(server.close)
  )
  writeFileSync(
    join(path, "ids.txt"),
    Array.from({ length: 30 }, (_, index) => `hksb-passed-global-passport-${index}`).join("\n")
  )
  /** Collects with images in a storage that only the proxy reaches. */
  const collect = (proxy: number) =>
    Effect.promise(
      () =>
        start(["collect", join(path, "ids.txt"), "--store", join(path, "a.db"), "--images", "s3://evidence/kyc"], {
          ...environment(emulator),
          HTTPS_PROXY: `http://127.0.0.1:${proxy}`,
          NODE_EXTRA_CA_CERTS: authority,
          CLOUDAUTH_S3_ENDPOINT: "https://storage.example",
          AWS_ACCESS_KEY_ID: keys.accessKeyId,
          AWS_SECRET_ACCESS_KEY: keys.accessKeySecret,
          AWS_SESSION_TOKEN: keys.sessionToken
        }).ended
    )
  return { storage, collect }
})

describe("object storage behind a proxy", () => {
  it.live("is reached by the client's proxy, and resets don't end a collection", () =>
    Effect.gen(function* () {
      const { collect, storage } = yield* setUp
      const proxy = yield* makeProxy(Number(new URL(storage.url).port))
      storage.failures.push("reset", "reset", 503, "reset", 408, "reset")
      const ran = yield* collect(proxy.port)
      assert.strictEqual(ran.code, 0, ran.stderr)
      assert.strictEqual(storage.objects.size, 60)
      assert.deepStrictEqual(new Set(proxy.asked), new Set(["storage.example:443"]))
    }).pipe(Effect.scoped, Effect.provide(Emulator.layer()))
  )

  it.live("says that the proxy refuses, once", () =>
    Effect.gen(function* () {
      const { collect } = yield* setUp
      const proxy = yield* makeProxy("refuses")
      const ran = yield* collect(proxy.port)
      assert.strictEqual(ran.code, ExitCode.table.Storage.code)
      assert.match(ran.stderr, /the proxy does not open the way to storage\.example.*HTTPS_PROXY/)
    }).pipe(Effect.scoped, Effect.provide(Emulator.layer()))
  )
})
