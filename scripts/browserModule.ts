/** What a bundle for browsers gets in place of a package that holds an access key. */

/** The module's text: it has the same names, so that bundlers find them, and fails with the reason when it is loaded. */
export const browserModule = (name: string, exported: ReadonlyArray<string>): string => {
  const reason = `${name} is a server's: in a browser everyone could take the access key and forge the verdict. Call your own backend. To show a result, @effect-cloudauth/core has CheckResult.View and the schemas of documents`
  return `throw new Error(${JSON.stringify(reason)})\nexport const ${exported.map((one) => `${one} = undefined`).join(", ")}\n`
}
