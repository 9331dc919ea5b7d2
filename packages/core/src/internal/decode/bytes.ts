/** Bytes: in pieces as they arrive, and what Buffer does with them ten times faster than the language, if there is one. */

/** A body as it arrived, in pieces: joined only if it must be. */
export type Chunks = ReadonlyArray<Uint8Array>

/** The size of all pieces, in bytes. */
export const sizeOf = (chunks: Chunks): number => chunks.reduce((size, chunk) => size + chunk.byteLength, 0)

/** The pieces as one; no copy if there is only one. */
export const join = (chunks: Chunks): Uint8Array => {
  const [only] = chunks
  if (only !== undefined && chunks.length === 1) return only
  const bytes = new Uint8Array(sizeOf(chunks))
  let offset = 0
  for (const chunk of chunks) {
    bytes.set(chunk, offset)
    offset += chunk.byteLength
  }
  return bytes
}

interface NodeBuffer extends Uint8Array {
  toString(encoding?: "latin1", start?: number, end?: number): string
  write(text: string, offset: number, encoding: "base64"): number
}

interface BufferConstructor {
  from(buffer: ArrayBufferLike, offset: number, length: number): NodeBuffer
}

/** Node, Bun and Deno have it; it is not imported, so that edge runtimes go without. */
const Buffer = (globalThis as unknown as { readonly Buffer?: BufferConstructor }).Buffer // the global's type depends on the consumer's lib

/** The same memory, as a Buffer. */
const asBuffer = (constructor: BufferConstructor, bytes: Uint8Array): NodeBuffer =>
  constructor.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)

/** The place of a byte, from an offset on; -1 if there is none. Nothing is copied. */
export const indexOf = (bytes: Uint8Array, byte: number, from: number): number =>
  Buffer === undefined ? bytes.indexOf(byte, from) : asBuffer(Buffer, bytes).indexOf(byte, from)

/** Large enough for speed, small enough for the young generation, which is reused: no image becomes a string. */
const stride = 16_384

/**
 * Decodes whole groups of Base64 from one array into another and returns how many bytes were written: fewer than three
 * for four characters if some are not Base64. `undefined` if the runtime has no Buffer.
 */
export const decodeGroups:
  | ((base64: Uint8Array, from: number, to: number, into: Uint8Array, at: number) => number)
  | undefined =
  Buffer === undefined
    ? undefined
    : (base64, from, to, into, at) => {
        const source = asBuffer(Buffer, base64)
        const target = asBuffer(Buffer, into)
        let write = at
        for (let read = from; read < to; read += stride) {
          write += target.write(source.toString("latin1", read, Math.min(to, read + stride)), write, "base64")
        }
        return write - at
      }
