/**
 * What a collection says as a whole: counts by verdict, sub code and document, rejections and spoof types over time,
 * billed authentications, latency. The figures hold no person; a list of results does only if `reveal` is set.
 *
 * @since 0.1.0
 */
import * as OwnOptions from "@effect-cloudauth/core/Options"
import * as SubCode from "@effect-cloudauth/core/SubCode"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import { ImageStore } from "./ImageStore.ts"
import * as Mask from "./Mask.ts"
import { type Counts, ResultStore } from "./ResultStore.ts"
import { type Person, type Side, sides, type StoredResult, type View } from "./StoredResult.ts"

type VerdictName = View["verdict"]["_tag"]

/**
 * How many of each verdict.
 *
 * @category models
 * @since 0.1.0
 */
export type Verdicts = Record<VerdictName, number>

/**
 * A part of the time, and what fell into it.
 *
 * @category models
 * @since 0.1.0
 */
export interface Bucket {
  /** Its beginning, in milliseconds since 1970. */
  readonly start: number
  readonly verdicts: Verdicts
  /** Rejections by sub code. */
  readonly rejections: Readonly<Record<string, number>>
  /** Spoof types of risks, front and back. */
  readonly spoofTypes: Readonly<Record<string, number>>
}

/**
 * An image of the list.
 *
 * @category models
 * @since 0.1.0
 */
export interface ListedImage {
  readonly side: Side
  readonly mediaType: string
  /** `undefined` where the store no longer has it, or where the page would become too large. */
  readonly bytes: Uint8Array | undefined
}

/**
 * A result of the list.
 *
 * @category models
 * @since 0.1.0
 */
export interface Listed {
  /** Masked unless revealed. */
  readonly transactionId: string
  readonly view: Omit<View, "transactionId" | "merchantBizId" | "images" | "locations">
  /** How many images there are. */
  readonly imageCount: number
  /** Only where revealed. */
  readonly person: Person | undefined
  readonly images: ReadonlyArray<ListedImage>
}

/**
 * A collection's figures.
 *
 * @category models
 * @since 0.1.0
 */
export interface Report {
  readonly store: string
  readonly createdAt: number
  readonly isRevealed: boolean
  readonly counts: Counts
  readonly verdicts: Verdicts
  readonly bySubCode: ReadonlyArray<readonly [code: string, count: number]>
  readonly byDocument: ReadonlyArray<readonly [document: View["document"], verdicts: Verdicts]>
  readonly failures: ReadonlyArray<readonly [error: string, count: number]>
  /** Authentications, by whether the vendor bills them. */
  readonly billed: { readonly yes: number; readonly no: number; readonly unknown: number }
  /** Whether the time is that of the check, or, for want of it, that of the collection. */
  readonly isTimeOfCheck: boolean
  /** Milliseconds. */
  readonly bucketWidth: number
  readonly buckets: ReadonlyArray<Bucket>
  /** Milliseconds. */
  readonly latency:
    | { readonly p50: number; readonly p90: number; readonly p99: number; readonly max: number }
    | undefined
  /** How many calls took up to so many milliseconds. */
  readonly latencies: ReadonlyArray<readonly [upTo: number, count: number]>
  readonly list: ReadonlyArray<Listed>
}

/**
 * What a report shows.
 *
 * @category models
 * @since 0.1.0
 */
export interface Options {
  readonly now: number
  readonly reveal: boolean
  /** How many results are listed, the last collected. */
  readonly listed: number
  /** How many bytes of images a page holds. */
  readonly imageBytes: number
}

const keys: OwnOptions.Keys<Options> = { now: true, reveal: true, listed: true, imageBytes: true }

const none = (): Verdicts => ({ Passed: 0, Rejected: 0, Inconclusive: 0 })

const minute = 60_000
const widths = [minute, 10 * minute, 60 * minute, 24 * 60 * minute, 7 * 24 * 60 * minute]

/** The most columns of a plot. */
const columns = 62

const add = (counts: Record<string, number>, key: string, n = 1): void => {
  counts[key] = (counts[key] ?? 0) + n
}

interface MutableBucket {
  readonly verdicts: Verdicts
  readonly rejections: Record<string, number>
  readonly spoofTypes: Record<string, number>
}

const emptyBucket = (): MutableBucket => ({ verdicts: none(), rejections: {}, spoofTypes: {} })

/** Joins minutes into at most so many buckets; times without results stay, as empty ones. */
const rebucket = (minutes: ReadonlyMap<number, MutableBucket>): { width: number; buckets: ReadonlyArray<Bucket> } => {
  const starts = [...minutes.keys()]
  if (starts.length === 0) return { width: minute, buckets: [] }
  const first = starts.reduce((one, other) => Math.min(one, other))
  const last = starts.reduce((one, other) => Math.max(one, other))
  const fits = (width: number) => Math.floor(last / width) - Math.floor(first / width) < columns
  const longest = widths.at(-1) ?? minute
  const width = widths.find(fits) ?? Math.ceil((last - first) / columns / longest + 1) * longest
  const joined = new Map<number, MutableBucket>()
  for (let start = Math.floor(first / width) * width; start <= last; start += width) joined.set(start, emptyBucket())
  for (const [start, from] of minutes) {
    const to = joined.get(Math.floor(start / width) * width)
    if (to === undefined) continue
    for (const verdict of ["Passed", "Rejected", "Inconclusive"] as const)
      to.verdicts[verdict] += from.verdicts[verdict]
    for (const [code, n] of Object.entries(from.rejections)) add(to.rejections, code, n)
    for (const [type, n] of Object.entries(from.spoofTypes)) add(to.spoofTypes, type, n)
  }
  return { width, buckets: [...joined].map(([start, bucket]) => ({ start, ...bucket })) }
}

const histogram = (sorted: Float64Array): ReadonlyArray<readonly [number, number]> => {
  const bounds = [1, 2, 5].flatMap((n) => [1, 10, 100, 1000, 10_000].map((scale) => n * scale)).sort((a, b) => a - b)
  const counts = new Map(bounds.map((bound) => [bound, 0]))
  const last = bounds.at(-1) ?? 1
  for (const value of sorted) {
    const bound = bounds.find((bound) => value <= bound) ?? last
    counts.set(bound, (counts.get(bound) ?? 0) + 1)
  }
  const all = [...counts]
  const first = all.findIndex(([, count]) => count > 0)
  const end = all.findLastIndex(([, count]) => count > 0)
  return first < 0 ? [] : all.slice(first, end + 1)
}

const percentile = (sorted: Float64Array, part: number): number =>
  sorted[Math.min(sorted.length - 1, Math.ceil(part * sorted.length) - 1)] ?? 0

const largest = (counts: ReadonlyMap<string, number>) => [...counts].sort(([, one], [, other]) => other - one)

const spoofTypesOf = ({ spoof: { back, front } }: View): ReadonlyArray<string> =>
  [front, back].flatMap((spoof) =>
    spoof._tag === "Risk" ? (spoof.types.length === 0 ? ["(no type)"] : spoof.types) : []
  )

const billing = (subCode: SubCode.SubCode | undefined): "yes" | "no" | "unknown" => {
  const isBilled = subCode === undefined ? undefined : SubCode.isBilled(subCode)
  return isBilled === undefined ? "unknown" : isBilled ? "yes" : "no"
}

/**
 * Goes once through the collection.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = Effect.fn("Report.make")(function* (given: Options) {
  const options = OwnOptions.ownOrThrow(keys, given)
  const store = yield* ResultStore
  const images = yield* ImageStore
  const verdicts = none()
  const bySubCode = new Map<string, number>()
  const byDocument = new Map<View["document"], Verdicts>()
  const minutes = new Map<number, MutableBucket>()
  const billed = { yes: 0, no: 0, unknown: 0 }
  const durations: Array<number> = []
  const latest: Array<StoredResult> = []
  let timesOfCheck = 0

  const count = (stored: StoredResult) => {
    const { authenticatedAt, collectedAt, document, duration, verdict } = stored.view
    const { _tag, subCode } = verdict
    const code = subCode?.code ?? "(none)"
    verdicts[_tag] += 1
    bySubCode.set(code, (bySubCode.get(code) ?? 0) + 1)
    const ofDocument = byDocument.get(document) ?? none()
    ofDocument[_tag] += 1
    byDocument.set(document, ofDocument)
    billed[billing(subCode)] += 1
    durations.push(duration)
    if (authenticatedAt !== undefined) timesOfCheck += 1
    const at = Math.floor((authenticatedAt ?? collectedAt) / minute) * minute
    const bucket = minutes.get(at) ?? emptyBucket()
    minutes.set(at, bucket)
    bucket.verdicts[_tag] += 1
    if (_tag === "Rejected") add(bucket.rejections, code)
    for (const type of spoofTypesOf(stored.view)) add(bucket.spoofTypes, type)
    latest.push(stored)
    if (latest.length >= 2 * options.listed + 100) latest.splice(0, latest.length - options.listed)
  }
  yield* Stream.runForEach(store.results, (stored) => Effect.sync(() => count(stored)))

  const failures = new Map<string, number>()
  yield* Stream.runForEach(store.failures, ({ error }) =>
    Effect.sync(() => failures.set(error, (failures.get(error) ?? 0) + 1))
  )

  let room = options.imageBytes
  const list: Array<Listed> = []
  for (const stored of latest.slice(Math.max(0, latest.length - options.listed)).toReversed()) {
    const { images: kept, locations, merchantBizId: _, transactionId, ...view } = stored.view
    const shown: Array<ListedImage> = []
    for (const side of options.reveal ? sides : []) {
      const location = locations[side]
      if (location === undefined) continue
      const { mediaType = "application/octet-stream", size = 0 } = kept[side] ?? {}
      const bytes = size <= room ? yield* Effect.orElseSucceed(images.get(location), () => undefined) : undefined
      if (bytes !== undefined) room -= bytes.byteLength
      shown.push({ side, mediaType, bytes })
    }
    const person = options.reveal && stored.person !== undefined ? Redacted.value(stored.person) : undefined
    list.push({
      transactionId: Mask.id(transactionId, options.reveal),
      view,
      imageCount: Object.keys(locations).length,
      person,
      images: shown
    })
  }

  const sorted = Float64Array.from(durations).sort()
  const { buckets, width } = rebucket(minutes)
  const report: Report = {
    store: store.description,
    createdAt: options.now,
    isRevealed: options.reveal,
    counts: yield* store.counts,
    verdicts,
    bySubCode: largest(bySubCode),
    byDocument: [...byDocument].sort(([, one], [, other]) => sum(other) - sum(one)),
    failures: largest(failures),
    billed,
    isTimeOfCheck: timesOfCheck > 0 && timesOfCheck === durations.length,
    bucketWidth: width,
    buckets,
    latency:
      sorted.length === 0
        ? undefined
        : {
            p50: percentile(sorted, 0.5),
            p90: percentile(sorted, 0.9),
            p99: percentile(sorted, 0.99),
            max: sorted.at(-1) ?? 0
          },
    latencies: histogram(sorted),
    list
  }
  return report
})

const sum = (verdicts: Verdicts): number => verdicts.Passed + verdicts.Rejected + verdicts.Inconclusive

/**
 * The figures as a JSON value, without the list: times in ISO 8601, durations in milliseconds with names that say so.
 *
 * @category encoding
 * @since 0.1.0
 */
export const toJson = (report: Report): Readonly<Record<string, unknown>> => {
  const { bucketWidth, buckets, createdAt, latencies, latency, list: _, ...figures } = report
  return {
    ...figures,
    createdAt: iso(createdAt),
    bucketMillis: bucketWidth,
    buckets: buckets.map((bucket) => ({ ...bucket, start: iso(bucket.start) })),
    latencyMillis: latency,
    latencies: latencies.map(([upToMillis, count]) => ({ upToMillis, count }))
  }
}

const iso = (time: number): string => new Date(time).toISOString()
