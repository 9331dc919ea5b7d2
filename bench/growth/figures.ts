/** What `pnpm bench growth` measures, as `growth.json` has it. */

export interface Cost {
  /** Microseconds of the clock. */
  readonly micros: number
  /** Microseconds of this process's processors, all threads. */
  readonly cpuMicros: number
}

/** Users who wait at the same time. Bytes of heap and buffers after a collection. */
export interface Waiting {
  readonly users: number
  readonly bytesAUser: number
  /** Bytes of the transaction in the memory store; 0 if there is none. */
  readonly storedBytesAUser: number
  /** What is left when all have gone. */
  readonly bytesLeftAUser: number
}

/** A collection that holds so many rows. */
export interface Collecting {
  readonly rows: number
  /** Queueing one id. */
  readonly adding: Cost
  /** Collecting and storing one more result. */
  readonly collecting: Cost
  /** A run that finds nothing to collect. */
  readonly looking: Cost
  readonly heapBytesAQueuedId: number
  readonly databaseBytesAQueuedId: number
  readonly databaseBytesAResult: number
}

export interface Shared {
  readonly processes: number
  readonly quota: number
  readonly callsPerSecond: number
  /** The most answers within any second. */
  readonly mostInASecond: number
  /** CPU of all processes, microseconds a call. */
  readonly cpuMicros: number
}

/** Two images of 400 KB within a call; microseconds of CPU. */
export interface Images {
  readonly bodyBytes: number
  readonly callMicros: number
  /** What a call with images costs more than one without. */
  readonly imagesMicros: number
  /** `JSON.parse` of each level and base64 to bytes, as people write it. */
  readonly parsedMicros: number
  /** Copying the body's bytes once. */
  readonly copiedMicros: number
  /** Memory that a hash of an image's stream needs beside the image. */
  readonly streamedBytes: number
}

/** CPU of a call with images over a socket, by the flags of Node. */
export interface Collections {
  readonly client: "ours" | "limit"
  readonly flags: string
  readonly cpuMicros: number
  /** In a hundred calls: of the old generation, which marks the whole heap, and of the young one. */
  readonly major: number
  readonly minor: number
  readonly pageFaults: number
}

export type Database = "SQLite" | "PostgreSQL"

export interface Growth {
  readonly date: string
  readonly machine: string
  readonly node: string
  /** Load average before the run: above a half, others had the processor, too. */
  readonly loadBefore: number
  readonly waiting: { readonly awaitResult: Waiting; readonly awaitStored: Waiting }
  readonly collecting: Partial<Record<Database, ReadonlyArray<Collecting>>>
  readonly images: Images
  readonly collections: ReadonlyArray<Collections>
  readonly shared: Partial<Record<Database, ReadonlyArray<Shared>>>
}
