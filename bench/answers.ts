/**
 * The bodies that the server gives: CheckResult answers in the vendor's form (ExtIdInfo a JSON string, JSON strings in
 * it), invented person, random images.
 */
import { expectedIdNumber, imageBytes } from "./workloads.ts"
import type { AnswerName } from "./workloads.ts"

export const requestId = "130A2C10-B9EE-4D84-88E3-5384FF030001"

const ocrIdInfo = {
  name: "陳大文",
  englishName: "CHAN, Tai Man",
  nameCode: "7115 1129 2429",
  sex: "M",
  birthDate: "1985-06-02",
  idNumber: expectedIdNumber,
  currentIssueDate: "2018-11-26",
  firstIssueDate: "2003-07",
  isPermanent: "Y",
  symbols: "***AZ"
}

/** Brings the small answer to the 2 KB that a document with long fields has. */
const ocrIdBackInfo = {
  address: "SPECIMEN FLAT 12A, 34/F, BLOCK 5, EXAMPLE GARDEN, 678 SPECIMEN ROAD, NEW TERRITORIES, HONG KONG",
  issuer: "入境事務處 Immigration Department, Hong Kong Special Administrative Region",
  remarks: "SPECIMEN ".repeat(60).trim()
}

const spoofInfo = { spoofResult: "N", spoofType: [] }

const latin = (fields: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, value.replace(/[^ -~]/g, "x")]))

/** `text`: what to do with the document's fields. */
const envelope = (images: Record<string, string>, text: typeof latin = (fields) => fields): Buffer =>
  Buffer.from(
    JSON.stringify({
      RequestId: requestId,
      Code: "Success",
      Message: "success",
      Result: {
        Passed: "Y",
        SubCode: "200",
        ExtIdInfo: JSON.stringify({
          ocrIdPassed: "Y",
          ...images,
          ocrIdInfo: JSON.stringify(text(ocrIdInfo)),
          spoofInfo: JSON.stringify(spoofInfo),
          ocrIdEditInfo: JSON.stringify(text(ocrIdInfo)),
          ocrIdBackInfo: JSON.stringify(text(ocrIdBackInfo)),
          spoofBackInfo: JSON.stringify(spoofInfo)
        })
      }
    })
  )

/** Bytes with a JPEG's head and end; the middle is pseudo-random (xorshift), the same in every run. */
const image = (bytes: number, seed: number): string => {
  const image = Buffer.alloc(bytes)
  let state = seed
  for (let i = 0; i < bytes; i++) {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    image[i] = state & 0xff
  }
  image.set([0xff, 0xd8, 0xff, 0xe0], 0)
  image.set([0xff, 0xd9], bytes - 2)
  return image.toString("base64")
}

const withImages = (bytes: number, text?: typeof latin): Buffer =>
  envelope({ idImage: image(bytes, 20220809), idBackImage: image(bytes, 20231026) }, text)

export const answers: { readonly [Name in AnswerName]: Buffer } = {
  small: envelope({}),
  images: withImages(imageBytes.images),
  imagesLatin: withImages(imageBytes.imagesLatin, latin),
  large: withImages(imageBytes.large)
}
