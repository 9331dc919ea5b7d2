/** A body as it arrived, in pieces: joined only where it must be. */
export type Chunks = ReadonlyArray<Uint8Array>

/** The size of all pieces, in bytes. */
export const sizeOf = (chunks: Chunks): number => chunks.reduce((size, chunk) => size + chunk.byteLength, 0)

/** The pieces as one; no copy where there is only one. */
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
