/** Searching bytes: by Buffer where the runtime has it (ten times faster), by the language elsewhere. */

interface BufferConstructor {
  from(buffer: ArrayBufferLike, offset: number, length: number): Uint8Array
}

/** Node, Bun and Deno have it; it is not imported, so that edge runtimes go without. */
const Buffer = (globalThis as unknown as { readonly Buffer?: BufferConstructor }).Buffer // the global's type depends on the consumer's lib

/** Where a byte stands, from an offset on; -1 where it doesn't. Nothing is copied. */
export const indexOf = (bytes: Uint8Array, byte: number, from: number): number =>
  Buffer === undefined
    ? bytes.indexOf(byte, from)
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).indexOf(byte, from)
