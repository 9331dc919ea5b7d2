/** Names, compared without their spelling: case, spaces, hyphens, middle dots, full width, marks. */

/** What stands between the parts of a name. */
const separators = /[\s,.'’ʼ`<·•‧・･∙⋅●\p{Pd}]+/gu

const han = /\p{Script=Han}/u
const latin = /\p{Script=Latin}/u

/** How machine-readable zones write what is not in A to Z (ICAO Doc 9303 part 3, section 6). */
const transliterations: Readonly<Record<string, string>> = {
  Ä: "AE",
  Å: "AA",
  Æ: "AE",
  Ð: "D",
  Ñ: "NXX",
  Ö: "OE",
  Ø: "OE",
  Ü: "UE",
  Þ: "TH",
  Œ: "OE",
  Đ: "D",
  Ł: "L"
}

/** A name in the scripts that can be compared. */
export interface Spelled {
  /** The parts of the Latin name, in every way in which they may be written. */
  readonly latin: ReadonlyArray<string>
  /** The Chinese name. */
  readonly han: string
  /** It has letters of another script. */
  readonly hasOther: boolean
}

/** Spells a name of one or more parts. */
export const spell = (name: string): Spelled => {
  const plain = name.normalize("NFKC").toUpperCase().normalize("NFC")
  const letters = Array.from(plain.replace(separators, ""))
  const latinParts = plain
    .split(separators)
    .map((part) => Array.from(part, (letter) => (han.test(letter) ? "" : letter)).join(""))
    .filter((part) => part !== "" && !isOther(part))
  return {
    latin: [...new Set([...rotations(latinParts.map(withoutMarks)), ...rotations(latinParts.map(transliterate))])],
    han: letters.filter((letter) => han.test(letter)).join(""),
    hasOther: letters.some((letter) => /\p{L}/u.test(letter) && !han.test(letter) && !latin.test(letter))
  }
}

/** Whether two names agree, in each script that both have; `undefined` if they share none, or one has another script. */
export const agree = (one: Spelled, other: Spelled): boolean | undefined => {
  const shared = [
    ...(one.han !== "" && other.han !== "" ? [one.han === other.han] : []),
    ...(one.latin.length > 0 && other.latin.length > 0 ? [one.latin.some((way) => other.latin.includes(way))] : [])
  ]
  if (shared.includes(false)) return false
  return shared.length === 0 || one.hasOther || other.hasOther ? undefined : true
}

/** Whether a part is of another script alone; one that mixes scripts stays, and agrees with nothing. */
const isOther = (part: string): boolean => /\p{L}/u.test(part) && !latin.test(part)

/** Family name first or last: each place at which a name may begin. */
const rotations = (parts: ReadonlyArray<string>): ReadonlyArray<string> =>
  parts.map((_, at) => [...parts.slice(at), ...parts.slice(0, at)].join(""))

const withoutMarks = (part: string): string => part.normalize("NFD").replace(/\p{M}/gu, "")

const transliterate = (part: string): string =>
  withoutMarks(Array.from(part, (letter) => transliterations[letter] ?? letter).join(""))
