/** The declarations of the client without a name of Effect's: each type printed as it is, its docs beside it. */
import { join } from "node:path"
import ts from "typescript-6"
import { header, methods } from "./signatures.ts"

const root = join(import.meta.dirname, "../../..")

/** What is printed, by its name there. */
const interfaces: Readonly<Record<string, string>> = {
  AccessKey: "Client.AccessKey",
  Retry: "Client.Retry",
  Database: "Client.Database",
  Tls: "NodeTransport.Tls",
  TransportOptions: "NodeTransport.Options",
  QuotaOptions: "Quota.Options",
  ClientOptions: "Client.ClientOptions",
  CallOptions: "Client.CallOptions",
  InitializeOptions: "Client.InitializeOptions",
  AwaitOptions: "Client.AwaitOptions",
  CallbackOptions: "Client.CallbackOptions",
  RawResponse: "Client.RawResponse",
  InitializeRequest: "Client.InitializeRequest",
  CheckResultRequest: "Client.CheckResultRequest",
  Expectation: "Expectation.Expectation",
  Initialized: "Client.Initialized",
  PendingResult: "Client.PendingResult",
  Waiting: "Client.Waiting",
  StoredTransaction: "Client.StoredTransaction",
  Ended: "Client.Ended",
  "CheckResult<out R = Reading>": "Client.CheckResult",
  Warning: "Client.Warning",
  IdImage: "Client.IdImage",
  Claim: "Client.Assessment.Claim",
  AssessmentOptions: "Client.Assessment.Options",
  Finding: "Client.Assessment.Finding",
  Texts: "Client.Advice.Texts",
  Advice: "Client.Advice.Advice",
  DecisionPolicy: "Client.DecisionPolicy.DecisionPolicy",
  Passed: "Client.Verdict.Passed",
  Rejected: "Client.Verdict.Rejected",
  Inconclusive: "Client.Verdict.Inconclusive",
  Accept: "Client.Decision.Accept",
  Retake: "Client.Decision.Retake",
  Review: "Client.Decision.Review",
  Decline: "Client.Decision.Decline"
}

const aliases: Readonly<Record<string, string>> = {
  SubCode: 'NonNullable<Client.Verdict.Inconclusive["subCode"]>',
  Parameter: "TransactionStoreQuery.Parameter",
  Dialect: "TransactionStoreQuery.Dialect",
  Priority: "Quota.Priority",
  Region: "Endpoint.Region",
  Network: "Endpoint.Network",
  Pem: "NodeTransport.Pem",
  CloudauthError: "Client.CloudauthError"
}

/** Types whose own name is another's elsewhere, or Effect's: how each property is written. */
const written: Readonly<Record<string, string>> = {
  "ClientOptions.transport": "TransportOptions | undefined",
  "ClientOptions.quota": '"none" | number | QuotaOptions | undefined',
  "AssessmentOptions.now": "number",
  "CallbackOptions.onResult": "(collected: Collected) => unknown",
  "CallbackOptions.onEnded": "((ended: Ended) => unknown) | undefined",
  "InitializeRequest.merchantBizId": "string",
  "InitializeRequest.docType": "string",
  "CheckResultRequest.merchantBizId": "string",
  "CheckResultRequest.transactionId": "string",
  "CheckResult.ocr": "R",
  "CheckResult.ocrEdited": "R",
  "CheckResult.ocrBack": "R",
  "WaitTimedOut.pending": "Redacted<PendingResult> | undefined",
  "Waiting.reason": 'CloudauthError["_tag"]'
}

const program = () => {
  const file = join(root, "packages/client/scripts/printed.ts")
  const text = [
    'import * as Client from "@effect-cloudauth/node/Client"',
    'import * as NodeTransport from "@effect-cloudauth/node/NodeTransport"',
    ...["Document", "Endpoint", "Expectation", "Quota", "TransactionStoreQuery"].map(
      (name) => `import * as ${name} from "@effect-cloudauth/core/${name}"`
    ),
    ...Object.entries({ ...interfaces, ...aliases }).map(
      ([name, type]) => `export declare const ${name.replace(/<.*/, "")}$: ${type}`
    ),
    "export declare const Documents$: { [N in keyof typeof Document.kinds]: (typeof Document.kinds)[N]['Type'] }",
    "export declare const Client$: Client.Client",
    "export { Client }"
  ].join("\n")
  const { config } = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root)
  const host = ts.createCompilerHost(options)
  const { getSourceFile } = host
  host.getSourceFile = (name, version) =>
    name === file ? ts.createSourceFile(name, text, version) : getSourceFile(name, version)
  const made = ts.createProgram([file], { ...options, noEmit: true }, host)
  const source = made.getSourceFile(file)
  if (source === undefined) throw new Error("The declarations' source is missing")
  return { checker: made.getTypeChecker(), source }
}

const format = ts.TypeFormatFlags.NoTruncation | ts.TypeFormatFlags.UseSingleQuotesForStringLiteralType

/** Effect's brands are plain text to a caller; its durations have a name of ours. */
const withoutEffect = (text: string): string =>
  text
    .replace(/string & Brand<'[A-Za-z]+'>/g, "string")
    .replace(/\bUint8Array<ArrayBufferLike>/g, "Uint8Array")
    .replace(/\bInput\b/g, "DurationInput")

/** The text of all declarations. Throws for what it doesn't know. */
export const declarations = (): string => {
  const { checker, source } = program()
  const module = checker.getSymbolAtLocation(source)
  if (module === undefined) throw new Error("The declarations' source is no module")
  const exported = new Map(checker.getExportsOfModule(module).map((symbol) => [symbol.name, symbol]))
  const typeOf = (name: string): ts.Type => {
    const symbol = exported.get(`${name}$`)
    if (symbol === undefined) throw new Error(`${name} is not there`)
    return checker.getTypeOfSymbol(symbol)
  }
  const docOf = (symbol: ts.Symbol): string => {
    const doc = ts.displayPartsToString(symbol.getDocumentationComment(checker)).replace(/\s+/g, " ")
    return doc === "" ? "" : `  /** ${doc} */\n`
  }
  const property = (owner: string, symbol: ts.Symbol): string => {
    const optional = (symbol.flags & ts.SymbolFlags.Optional) !== 0
    const type = written[`${owner}.${symbol.name}`] ?? withoutEffect(print(checker.getTypeOfSymbol(symbol)))
    return `${docOf(symbol)}  readonly ${symbol.name}${optional ? "?" : ""}: ${type}`
  }
  const print = (type: ts.Type): string =>
    checker.typeToString(type, undefined, format | ts.TypeFormatFlags.InTypeAlias)
  const propertiesOf = (owner: string, type: ts.Type): string =>
    checker
      .getPropertiesOfType(type)
      .filter(({ name }) => !name.startsWith("__@"))
      .map((symbol) => property(owner, symbol))
      .join("\n")

  /** The classes of errors, as the client exports them. */
  const errorsOf = (): ReadonlyArray<string> => {
    const client = exported.get("Client")
    if (client === undefined) throw new Error("The client is not there")
    const module = client.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(client) : client
    return checker.getExportsOfModule(module).flatMap((symbol) => {
      const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
      if ((target.flags & ts.SymbolFlags.Class) === 0) return []
      const properties = checker
        .getPropertiesOfType(checker.getDeclaredTypeOfSymbol(target))
        .filter(({ name }) => !/^(__@|~|name$|message$|stack$|cause$|pipe$|toJSON$|toString$|asEffect$)/.test(name))
      const lines = properties.map((one) => property(symbol.name, one))
      return [
        `${docOf(target).trimStart()}export declare class ${symbol.name} extends Error {\n  private constructor()\n${lines.join("\n")}\n}`
      ]
    })
  }

  const documents = checker.getPropertiesOfType(typeOf("Documents")).map((symbol) => {
    const fields = propertiesOf(symbol.name, checker.getTypeOfSymbol(symbol)).replaceAll("\n", "\n  ")
    return `  readonly ${symbol.name}: {\n  ${fields}\n  }`
  })
  const client = checker.getPropertiesOfType(typeOf("Client")).filter(({ name }) => !name.startsWith("__@"))
  const unknown = client.find(({ name }) => methods[name] === undefined)
  if (unknown !== undefined || client.length !== Object.keys(methods).length) {
    throw new Error(`The signatures are not those of Client: ${unknown?.name ?? "one too many"}`)
  }
  return [
    "/** The Promise client of Alibaba Cloud ID Verification, with everything inside. */",
    'import type { IncomingMessage, ServerResponse } from "node:http"',
    header,
    `/** The fields of each document. */\nexport interface Documents {\n${documents.join("\n")}\n}`,
    ...Object.keys(aliases).map((name) => `export type ${name} = ${withoutEffect(print(typeOf(name)))}`),
    ...Object.keys(interfaces).map((full) => {
      const name = full.replace(/<.*/, "")
      return `export interface ${full} {\n${propertiesOf(name, typeOf(name))}\n}`
    }),
    ...errorsOf(),
    "/** The codes of documents that `initialize` takes. */",
    `export declare const DocType: {\n${docTypes(checker, exported)}\n}`,
    `/** A client. Rejections are the error classes of this module, or the reason of an aborted signal. */\nexport interface Client extends AsyncDisposable {\n${client
      .map((symbol) => `${docOf(symbol)}  readonly ${symbol.name}: ${methods[symbol.name]}`)
      .join("\n")}\n}`
  ].join("\n\n")
}

/** The constants of document types. */
const docTypes = (checker: ts.TypeChecker, exported: ReadonlyMap<string, ts.Symbol>): string => {
  const client = exported.get("Client")
  const module = client === undefined ? undefined : checker.getAliasedSymbol(client)
  const all = module && checker.getExportsOfModule(module).find(({ name }) => name === "DocType")
  const types = all && checker.getExportsOfModule(checker.getAliasedSymbol(all))
  if (types === undefined) throw new Error("DocType is not there")
  return types
    .filter((symbol) => checker.getTypeOfSymbol(symbol).isStringLiteral())
    .map((symbol) => `  readonly ${symbol.name}: ${checker.typeToString(checker.getTypeOfSymbol(symbol))}`)
    .join("\n")
}
