/** A certificate for the vendor's name and for this machine, signed by itself, made with openssl. */
import { execFileSync } from "node:child_process"
import { readFileSync } from "node:fs"
import { join } from "node:path"

export interface Certificates {
  /** The file, for `NODE_EXTRA_CA_CERTS`. */
  readonly path: string
  readonly certificate: string
  readonly key: string
}

export const host = "cloudauth-intl.vendor.example"

export const make = (folder: string): Certificates => {
  const [path, key] = [join(folder, "certificate.pem"), join(folder, "key.pem")]
  const names = `subjectAltName=DNS:${host},DNS:localhost,IP:127.0.0.1`
  const ec = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
  const args = ["req", "-x509", ...ec, "-days", "2", "-subj", "/CN=stacks", "-addext", names]
  execFileSync("openssl", [...args, "-keyout", key, "-out", path], { stdio: "ignore" })
  return { path, certificate: readFileSync(path, "utf8"), key: readFileSync(key, "utf8") }
}
