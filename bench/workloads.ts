/**
 * What is asked of every client: the same requests, the same answers, the same check of what came out.
 */

/** Which prepared answer the server gives; it reads it from the transaction id. */
export type AnswerName = "small" | "images" | "imagesLatin" | "large"

export interface Workload {
  readonly name: WorkloadName
  readonly answer: AnswerName
  readonly concurrency: number
  readonly tls: boolean
  /** Calls in one measured round, and calls before the first one; `quick` is for `--quick`. */
  readonly calls: { readonly full: number; readonly quick: number }
  readonly warmCalls: { readonly full: number; readonly quick: number }
}

export type WorkloadName = "small1" | "small16" | "small128" | "images" | "imagesLatin" | "large" | "tls"

/** V8 compiles again, with what it has learned, until about so many calls of a small answer. */
const settled = 16_000

const small = { answer: "small", tls: false } as const

export const workloads: { readonly [Name in WorkloadName]: Workload } = {
  small1: {
    ...small,
    name: "small1",
    concurrency: 1,
    calls: { full: 600, quick: 200 },
    warmCalls: { full: settled, quick: 600 }
  },
  small16: {
    ...small,
    name: "small16",
    concurrency: 16,
    calls: { full: 1200, quick: 400 },
    warmCalls: { full: settled, quick: 800 }
  },
  small128: {
    ...small,
    name: "small128",
    concurrency: 128,
    calls: { full: 1280, quick: 384 },
    warmCalls: { full: settled, quick: 768 }
  },
  images: {
    name: "images",
    answer: "images",
    concurrency: 4,
    tls: false,
    calls: { full: 60, quick: 8 },
    warmCalls: { full: 120, quick: 8 }
  },
  // Without a Chinese character in the answer, as a passport's: then a client that parses text has strings of half the size.
  imagesLatin: {
    name: "imagesLatin",
    answer: "imagesLatin",
    concurrency: 4,
    tls: false,
    calls: { full: 60, quick: 8 },
    warmCalls: { full: 120, quick: 8 }
  },
  large: {
    name: "large",
    answer: "large",
    concurrency: 2,
    tls: false,
    calls: { full: 10, quick: 2 },
    warmCalls: { full: 16, quick: 2 }
  },
  tls: {
    ...small,
    name: "tls",
    tls: true,
    concurrency: 16,
    calls: { full: 1200, quick: 320 },
    warmCalls: { full: settled, quick: 640 }
  }
}

export const workloadNames: ReadonlyArray<WorkloadName> = [
  "small1",
  "small16",
  "small128",
  "images",
  "imagesLatin",
  "large",
  "tls"
]

/**
 * Bytes of each of the two images. 300 KiB of JPEG are 400 KiB of base64, so the body of `images` has 800 KiB;
 * the images of `large` make a body of 4 MiB.
 */
export const imageBytes: { readonly [Name in AnswerName]: number } = {
  small: 0,
  images: 300 * 1024,
  imagesLatin: 300 * 1024,
  large: 1536 * 1024
}

/** The parameters of one call, as every client gets them. */
export interface CallParameters {
  readonly merchantBizId: string
  readonly transactionId: string
  readonly isReturnImage: "Y" | "N"
}

const transactionPrefix: { readonly [Name in AnswerName]: string } = {
  small: "hksbs",
  images: "hksbi",
  imagesLatin: "hksbp",
  large: "hksbl"
}

const answerNames: ReadonlyArray<AnswerName> = ["small", "images", "imagesLatin", "large"]

/** The answer that a transaction id asks for: its fifth letter tells. */
export const answerOf = (letter: string | undefined): AnswerName =>
  answerNames.find((name) => transactionPrefix[name].endsWith(letter ?? "-")) ?? "small"

let calls = 0

/** A new call's parameters. The id is new each time, also across processes, so that nothing can be cached. */
export const nextCall = (workload: Workload): CallParameters => ({
  merchantBizId: "e0c34a77f5ac40a5aa5e6ed20c35c0de",
  transactionId: `${transactionPrefix[workload.answer]}${String(process.pid).padStart(8, "0")}${String(++calls).padStart(14, "0")}`,
  isReturnImage: imageBytes[workload.answer] > 0 ? "Y" : "N"
})

/** What a client must have in its hands after a call: the parsed innermost values, the images as bytes. */
export interface Answer {
  readonly passed: boolean
  readonly subCode: string
  readonly idNumber: string
  readonly spoofRisk: boolean
  /** Front, back; empty if no image was asked for. */
  readonly images: ReadonlyArray<Uint8Array>
}

export const expectedIdNumber = "C668668(E)"

/** Fails the run when a client did less than the work, so that a fast wrong client can't win. */
export const checkAnswer = (workload: Workload, answer: Answer): void => {
  const bytes = imageBytes[workload.answer]
  if (
    !answer.passed ||
    answer.subCode !== "200" ||
    answer.idNumber !== expectedIdNumber ||
    answer.spoofRisk ||
    answer.images.length !== (bytes > 0 ? 2 : 0) ||
    !answer.images.every((image) => isWholeJpeg(image, bytes))
  ) {
    throw new Error(`Wrong answer in workload ${workload.name}`)
  }
}

const isWholeJpeg = (image: Uint8Array, bytes: number): boolean =>
  image.length === bytes &&
  image[0] === 0xff &&
  image[1] === 0xd8 &&
  image[bytes - 2] === 0xff &&
  image[bytes - 1] === 0xd9
