/** Where each target's corpus begins: small inputs that reach far. */
import * as Person from "@effect-cloudauth/emulator/Person"

const ext = JSON.stringify({
  ocrIdPassed: "Y",
  ocrIdInfo: JSON.stringify(Person.read(Person.make("fuzz"), "global-passport")),
  ocrIdBackInfo: { issueDate: "2020-01-02" },
  spoofInfo: JSON.stringify({ spoofResult: "Y", spoofType: ["TAMPER"] }),
  spoofBackInfo: JSON.stringify(JSON.stringify({ spoofResult: "N", spoofType: "" })),
  idImage: "/9j/4AAQ"
})

const success = (more: object): string =>
  JSON.stringify({
    RequestId: "R1",
    Code: "Success",
    Message: "success",
    Result: { Passed: "Y", SubCode: "200", ...more }
  })

const answers = [
  success({}),
  success({ ExtIdInfo: ext }),
  success({ ExtIdInfo: JSON.parse(ext) as unknown }),
  success({ ExtIdInfo: JSON.stringify(ext) }),
  success({ ExtIdInfo: ext }).replaceAll("/", "\\/"),
  '{"requestId":"R","hostId":"h","code":"Throttling.User","message":"slow","recommend":""}',
  '<?xml version="1.0"?><Error><RequestId>R</RequestId><Code>InternalError</Code><Message>m</Message></Error>',
  '\ufeff{"Code":"ProcessNotCompleted"}'
]

const photographs = [
  success({ ExtIdInfo: JSON.stringify({ idImage: "\u0001", idBackImage: "\u0001==" }) })
    .replaceAll("\\\\u0001", "\u0001")
    .replaceAll("\\u0001", "\u0001"),
  success({ ExtIdInfo: { idImage: "@" } }).replace("@", "\u0001"),
  success({ idImage: "@" }).replace("@", "\u0001"),
  '{"Code":"Success","idImage":"\u0001","Result":{"Passed":"N","ExtIdInfo":"{\\"idImage\\": \\"\u0001\\"}"}}'
]

export const seeds: Readonly<Record<string, ReadonlyArray<string>>> = {
  decode: answers,
  classify: answers.flatMap((answer) => ["\u0000", "\u0003", "\u0007"].map((status) => status + answer)),
  nestedJson: [ext, JSON.stringify(ext), "{}", "[[]]", '"{}"', " \ufeff{}"],
  fastPath: [...photographs, ...answers],
  endpoint: [
    "https://a.example",
    "https://a.example:8443/",
    "http://127.0.0.1:80",
    "http://[::1]:1",
    "https://user@a.example",
    "https://1.2.3"
  ],
  request: ["order1\u0001hksb0000\u0001", "order1\u0001\u00e9\ud83d\ude00 *~'()!\u0001a&b=c#d", "\u0001"]
}
