/** The page of all errors: what each means, its cause, what helps. */
import * as CloudauthError from "@effect-cloudauth/core/CloudauthError"
import * as ResponseCode from "@effect-cloudauth/core/ResponseCode"
import { advices, errorClasses, type ErrorClass } from "./declarations.ts"
import { type Language, type Translate, translator } from "./languages.ts"
import { code, pageIn, table, text } from "./markdown.ts"

const classes = Object.keys({
  ...CloudauthError.answerErrors,
  TransportError: 0,
  ProxyRefused: 0,
  CallTimeout: 0,
  DecodeError: 0,
  CredentialsError: 0,
  InvalidRequest: 0,
  TransactionAbandoned: 0,
  TransactionExpired: 0
} satisfies Record<CloudauthError.CloudauthError["_tag"], unknown>)

/** How a class of failure is retried by `RetryPolicy.standard`, in words; its docstring has the figures. */
const retries: Readonly<Record<ResponseCode.RetryClass, string>> = {
  transient: "as transient: 3 times, with growing, random waits",
  throttle: "as throttled: 8 times, with longer waits, or as long as the server says",
  clock: "once, after correcting the clock from the server's Date",
  credentials: "once, after refreshing the credential",
  poll: "only by `awaitResult`, until the wait ends",
  never: "no"
}

const errorCodes = Object.entries<ResponseCode.Facts>(ResponseCode.table)
const common = new Set(["code", "httpStatus", "requestId", "contentType", "attempts", "advice", "serverMessage"])

/** The errors that no code of the table becomes: their retries are decided by the error itself. */
const retriesWithoutCode: Readonly<Record<string, string>> = {
  TransportError: retries.transient,
  ProxyRefused: "as transient if the proxy says 502, 503 or 504",
  CallTimeout: "an attempt's as transient; the deadline's not",
  DecodeError: retries.never,
  CredentialsError: retries.never,
  InvalidRequest: retries.never,
  TransactionAbandoned: retries.never,
  TransactionExpired: retries.never,
  UnknownResponseCode: retries.never
}

const fieldsOf = ({ fields, tag }: ErrorClass, t: Translate): string => {
  const own = fields.filter(({ name }) => !common.has(name))
  for (const { doc, name } of own) if (doc === "") throw new Error(`${tag}.${name} has no docstring`)
  return own.length === 0
    ? ""
    : `${t("It also has:")}\n\n${own.map(({ doc, name }) => `- ${code(name)}${t(": ")}${text(t(doc))}`).join("\n")}`
}

const clientError = (tag: string, t: Translate): string => {
  const found = errorClasses.find((candidate) => candidate.tag === tag)
  if (found === undefined || found.doc === "") throw new Error(`${tag} has no class with a docstring`)
  const own = errorCodes.filter(([, { error }]) => error === tag)
  const cures = own.length > 0 ? undefined : tag === "UnknownResponseCode" ? [unknown] : advices.get(tag)
  if (own.length === 0 && cures === undefined) throw new Error(`${tag} has neither codes nor an advice`)
  const body =
    own.length > 0
      ? table(
          ["code", "status", "cause", "cure", "retried"].map(t),
          own.map(([name, facts]) => [
            code(name),
            String(facts.status),
            text(t(facts.meaning)),
            text(t(facts.advice)),
            t(retries[facts.retry])
          ])
        )
      : [
          ...[...new Set(cures)].map((cure) => `- ${t("Cure: ")}${text(t(cure))}`),
          `- ${t("Retried: ")}${t(retriesWithoutCode[tag] ?? "no")}${t(".")}`
        ].join("\n")
  return [`### ${tag}`, text(t(found.doc)), body, fieldsOf(found, t)].filter((part) => part !== "").join("\n\n")
}

const unknown = ResponseCode.facts("Some.UnknownCode", 400).advice

/** What helps against the errors of the other modules. A tag that is missing here, or is none, fails the build. */
const cures: Readonly<Record<string, string>> = {
  AlreadyRegistered: "Take `CloudauthOtel.layerGlobal`.",
  BodyTooLarge: "Raise `maxBodyBytes`. A client turns it into a `DecodeError`.",
  ClientClosed: "Create one client at the start and close it at the end; calls made after that have no client.",
  ConnectionFailed: "Look at the network, the proxy and the endpoint. A client turns it into a `TransportError`.",
  UnknownCoding: "Look for a proxy that encodes bodies. A client turns it into a `DecodeError`.",
  Failure: "Its message says what to do; its [exit code](exit-codes.md) is for scripts.",
  ImageStoreError: "Look at the disk, the rights, or the object storage; then run the same command again.",
  InboxError: "Look at PostgreSQL; the step is tried again by itself.",
  InitializedNotStored:
    "Put the transaction into the store once more, or begin again. Don't give it to the user before.",
  ListenError: "Take another port; `--port 0` takes a free one.",
  ListUnusable: "Name the column of the ids, or give one id a line.",
  MerchantBizIdTaken: "Give each check its own merchantBizId, for example by `MerchantBizId.unique`.",
  NotCollected:
    "Its `error` is one of the errors above, with its cure; `DeadlinePassed` means that the user never finished.",
  NotDeleted: "Read its `advice`: [delete data at the vendor](../how-to/deleting.md). Count the data as still there.",
  Outcome: "None is needed: it carries the [exit code](exit-codes.md) of a verdict that is no pass.",
  QueueTooLong:
    "Begin fewer calls at once, or raise `connections`. A client turns it into a `CallTimeout` with the phase `queue`.",
  RecordingError: "Correct or delete the line.",
  SdkUnavailable: "Install `@opentelemetry/sdk-node` in the range that the package names.",
  StepFailed: "None is needed: the step is tried again.",
  Stopped: "Cure what `because` says, then run the same command again.",
  StoreError: "Look at the disk, the rights, or the database; then run the same command again.",
  TransactionConflict: "Find out why two of your ids got the same transaction; one of them is not from Initialize.",
  TransactionNotStored: "Take ids from Initialize alone. An id that a device brought is refused here, as it should be.",
  TransactionStoreError: "Look at the database; its own error is in `underlying`.",
  TestSdkMissing: "Install `@opentelemetry/sdk-trace` and `@opentelemetry/sdk-metrics` for the tests.",
  UnexpectedTree: "Compare both trees in its message: the spans are not those that the test expects.",
  TimedOut: "Raise `attemptTimeout` and `deadline`. A client retries it, or ends with its own error of the time limit.",
  TransportUnavailable: "Install the dependencies. In an ESM bundle leave undici external, or add a `require`.",
  TombstonesError: "Look at the database; its own error is in `underlying`. Then delete again.",
  VerificationNotFound: "Look the id up in your own records; another user's verification is answered like this, too.",
  WaitTimedOut: "Resume the wait with its `pending`, or let the callback or a later `checkResult` bring the result.",
  WeakKey: "Take 16 random bytes or more."
}

const otherErrors = (t: Translate): string => {
  const others = errorClasses.filter(({ tag }) => !classes.includes(tag))
  const tags = new Set(others.map(({ tag }) => tag))
  for (const tag of tags) if (cures[tag] === undefined) throw new Error(`${tag} has no cure`)
  for (const tag of Object.keys(cures)) if (!tags.has(tag)) throw new Error(`${tag} is no error any more`)
  return table(
    ["error", "of", "cause", "cure"].map(t),
    others.map(({ doc, file, tag }) => [
      code(tag),
      code(`${file.split("/")[1]}/${file.split("/").at(-1)?.replace(".ts", "")}`),
      text(t(doc)),
      text(t(cures[tag] ?? ""))
    ])
  )
}

/** The forms of codes that the table lacks, one row for each error and retry. */
const codesByForm = (t: Translate): string => {
  const groups = Map.groupBy(ResponseCode.forms, ({ facts }) => facts)
  const rows = [...groups].map(([facts, forms]) => [
    forms.map(({ words }) => words.map(code).join(t(" and "))).join(", "),
    forms[0]?.statuses?.join(", ") ?? t("any"),
    code(facts.error),
    text(t(facts.advice)),
    t(retries[facts.retry])
  ])
  const failures = [503, 500].map((status) => {
    const facts = ResponseCode.facts("Some.UnknownCode", status)
    return [
      t("anything"),
      status === 503 ? "503" : t("other 5xx"),
      code(facts.error),
      text(t(facts.advice)),
      t(retries[facts.retry])
    ]
  })
  return table(["the code says", "status", "error", "cure", "retried"].map(t), [...rows, ...failures])
}

export const errors = (language: Language = "en"): string => {
  const t = translator(language)
  return pageIn(
    t,
    "Errors",
    "`ResponseCode.ts`, `CloudauthError.ts` and the docstrings of the classes",
    t(`A call ends with a result or with one of the errors below. Each is caught by its tag (in plain JavaScript: by
\`instanceof\`) and has \`code\`, \`httpStatus\`, \`requestId\`, \`attempts\` and \`advice\`; if a server spoke, its own words are in
\`serverMessage\`, kept from logs. The response code decides before the HTTP status, and is compared without case.`),
    t("## Errors of a call"),
    ...classes.map((tag) => clientError(tag, t)),
    t(`## Codes that are not in the table

The gateway has more codes than it lists. A code that starts with \`Throttling\` is \`Throttled\`, whatever its status. The form of
any other code says whose fault it is. The first row that fits decides. Case, dots, dashes and underscores do not count.`),
    codesByForm(t),
    t("A code that no row fits is `UnknownResponseCode`; its answer is in `body`."),
    t(`## Answers without a code

Something between your program and the service answered: a proxy, a firewall, a load balancer, or the sign-in page of a network. 429
is \`Throttled\`, 5xx is \`ServiceDown\`, 2xx is a \`DecodeError\`, anything else is \`UnknownResponseCode\`. The error keeps
\`httpStatus\`, \`contentType\` and the \`requestId\` of the header; \`advice\` says what probably happened. The text of the answer is in
\`body\` alone, which no log shows. A redirect is never followed; \`advice\` names its host.

| answer | probably |
| --- | --- |
| 200 or 511 with HTML | the sign-in page of a network (captive portal), or a proxy's page |
| 3xx | a captive portal, a proxy, or a wrong endpoint |
| 407 | a proxy that asks for credentials |
| 4xx with HTML | a proxy or firewall that refuses the request |
| 5xx with HTML | a proxy or load balancer that can't reach the service |
| empty | a proxy or load balancer that answered itself |
| JSON that breaks off | an answer that was cut short |
| JSON without a code | another service |

If the connection itself ends within an answer, that is a \`TransportError\`. It keeps the same three facts.`),
    t(`## Sub codes

No errors: a check that was answered has a verdict, and the sub code says why. See [what a result means](results.md).`),
    t("## Errors of the other modules"),
    otherErrors(t)
  )
}
