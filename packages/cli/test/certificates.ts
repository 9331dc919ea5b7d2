/** An authority of a test's own and a server's certificate by it, made with openssl. */
import { execFileSync } from "node:child_process"
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"

export interface Certificates {
  /** The file of the authority. */
  readonly authority: string
  readonly certificate: string
  readonly key: string
}

/** `subjectAltName` is, for example, `DNS:localhost,IP:127.0.0.1`. */
export const makeCertificates = (directory: string, subjectAltName: string): Certificates => {
  const at = (name: string) => join(directory, name)
  const openssl = (...args: ReadonlyArray<string>) => execFileSync("openssl", args, { stdio: "ignore" })
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
  const authority = at("authority.pem")
  openssl("req", "-x509", ...key, "-days", "2", "-subj", "/CN=Test", "-keyout", at("authority.key"), "-out", authority)
  openssl("req", ...key, "-subj", "/CN=server", "-keyout", at("server.key"), "-out", at("server.csr"))
  writeFileSync(at("names"), `subjectAltName=${subjectAltName}\n`)
  const by = ["-CA", authority, "-CAkey", at("authority.key"), "-CAcreateserial"]
  openssl(
    "x509",
    "-req",
    "-in",
    at("server.csr"),
    ...by,
    "-days",
    "2",
    "-extfile",
    at("names"),
    "-out",
    at("server.pem")
  )
  return {
    authority,
    certificate: readFileSync(at("server.pem"), "utf8"),
    key: readFileSync(at("server.key"), "utf8")
  }
}
