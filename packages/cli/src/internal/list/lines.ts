/** Splits a file's bytes into lines of text, in the encodings that spreadsheets and databases write. */

/** A line. */
export interface Line {
  readonly text: string
  /** The same bytes in other encodings; none if it is certain. */
  readonly others: ReadonlyArray<string>
}

/** What a file is by its first bytes, if it is no text. */
const binary: ReadonlyArray<readonly [bytes: ReadonlyArray<number>, what: string]> = [
  [[0x50, 0x4b, 0x03, 0x04], "it is a spreadsheet (.xlsx) or a ZIP file: save the sheet as CSV"],
  [[0xd0, 0xcf, 0x11, 0xe0], "it is a spreadsheet (.xls): save the sheet as CSV"],
  [[0x1f, 0x8b], "it is compressed: unpack it with gzip -d"],
  [[0x28, 0xb5, 0x2f, 0xfd], "it is compressed: unpack it with zstd -d"],
  [[0x25, 0x50, 0x44, 0x46], "it is a PDF: export the ids as CSV"],
  [[0xff, 0xfe, 0x00, 0x00], "it is UTF-32 text: save it as UTF-8"],
  [[0x00, 0x00, 0xfe, 0xff], "it is UTF-32 text: save it as UTF-8"]
]

/** How many bytes are looked at to tell the encoding. */
const head = 1024

/** The encodings of spreadsheets that are not set to Unicode, those that refuse most first. */
const guesses = ["gb18030", "big5", "shift_jis", "windows-1252"]

/** The encoding by a mark or by the places of zeros; text with a reason if it is no text. */
const sniff = (bytes: Uint8Array): { readonly encoding: string | undefined } | string => {
  const known = binary.find(([start]) => start.every((byte, index) => bytes[index] === byte))
  if (known !== undefined) return known[1]
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return { encoding: "utf-16le" }
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return { encoding: "utf-16be" }
  const zeros = [0, 0]
  bytes.forEach((byte, index) => {
    if (byte === 0) zeros[index % 2] = (zeros[index % 2] ?? 0) + 1
  })
  const [even = 0, odd = 0] = zeros
  if (even === 0 && odd === 0) return { encoding: undefined }
  const encoding = odd > even ? "utf-16le" : "utf-16be"
  const text = new TextDecoder(encoding).decode(bytes.subarray(0, bytes.length - (bytes.length % 2)))
  // eslint-disable-next-line no-control-regex
  return /[\u0000-\u0008\u000e-\u001f\ufffd]/.test(text.replace(/\ufffd$/, ""))
    ? "it is no text: export the ids as text, one a line, or as CSV"
    : { encoding }
}

const isAscii = (bytes: Uint8Array): boolean => bytes.every((byte) => byte < 0x80)

const tryDecode = (decoder: TextDecoder, bytes: Uint8Array): ReadonlyArray<string> => {
  try {
    return [decoder.decode(bytes)]
  } catch {
    return []
  }
}

/** The longest line, in bytes: beyond it this is no list of ids. */
const longest = 1_000_000

/** Turns pieces of a file into lines. A reason, as text, ends it. */
export interface Splitter {
  readonly push: (bytes: Uint8Array) => ReadonlyArray<Line> | string
  readonly end: () => ReadonlyArray<Line> | string
}

/** Splits at LF, CRLF and CR. `encoding` is one that `TextDecoder` knows; without one it is found out. */
export const splitter = (encoding: string | undefined): Splitter => {
  const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })
  const guessed = guesses.map((name) => new TextDecoder(name, { fatal: true }))
  const encoder = new TextEncoder()
  let whole: TextDecoder | undefined
  let isKnown = false
  let rest = new Uint8Array(0)
  let skipLineFeed = false

  const decode = (bytes: Uint8Array): Line => {
    if (isAscii(bytes)) return { text: utf8.decode(bytes), others: [] }
    const certain = tryDecode(utf8, bytes)[0]
    if (certain !== undefined) return { text: certain, others: [] }
    const [text = "\uFFFD", ...others] = guessed.flatMap((decoder) => tryDecode(decoder, bytes))
    return { text, others: [text, ...others] }
  }

  const split = (bytes: Uint8Array, isLast: boolean): ReadonlyArray<Line> => {
    const all = rest.length === 0 ? bytes : Buffer.concat([rest, bytes])
    const lines: Array<Line> = []
    let start = 0
    for (let at = rest.length; at < all.length; at++) {
      const byte = all[at]
      if (skipLineFeed && byte === 0x0a) start = at + 1
      else if (byte === 0x0a || byte === 0x0d) {
        lines.push(decode(all.subarray(start, at)))
        start = at + 1
      }
      skipLineFeed = byte === 0x0d
    }
    rest = Uint8Array.from(all.subarray(start))
    if ((isLast && rest.length > 0) || rest.length > longest) {
      lines.push(decode(rest))
      rest = new Uint8Array(0)
    }
    return lines
  }

  const transcoded = (bytes: Uint8Array, isLast: boolean): ReadonlyArray<Line> =>
    split(whole === undefined ? bytes : encoder.encode(whole.decode(bytes, { stream: !isLast })), isLast)

  let waiting = new Uint8Array(0)
  const push = (bytes: Uint8Array, isLast: boolean): ReadonlyArray<Line> | string => {
    if (isKnown) return transcoded(bytes, isLast)
    waiting = Uint8Array.from(Buffer.concat([waiting, bytes]))
    if (waiting.length < head && !isLast) return []
    const found = encoding === undefined ? sniff(waiting.subarray(0, head)) : { encoding }
    if (typeof found === "string") return found
    if (found.encoding !== undefined) whole = new TextDecoder(found.encoding)
    isKnown = true
    return transcoded(waiting, isLast)
  }
  return { push: (bytes) => push(bytes, false), end: () => push(new Uint8Array(0), true) }
}
