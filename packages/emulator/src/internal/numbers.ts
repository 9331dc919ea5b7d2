/** Numbers of documents with their check digits, in ranges that no authority issues. */

/** `Q` begins no Hong Kong number that is issued; the digits are six. */
export const hongKong = (digits: string): string => `Q${digits}(${hongKongCheckDigit(`Q${digits}`)})`

/** The rule of the Immigration Department: weights 9 to 2, modulo 11; the blank before a single letter counts 36. */
const hongKongCheckDigit = (body: string): string => {
  const values = [36, ...Array.from(body, (character) => Number.parseInt(character, 36))]
  const sum = values.reduce((total, value, index) => total + value * (9 - index), 0)
  return "0A987654321".charAt(sum % 11)
}

// Weighted sum of the ISO 7064 MOD 11-2 check character that ends an 18-digit PRC number.
const prcWeights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]

/** `999999` is not an administrative division. */
export const prc = (person: {
  readonly birthDate: string
  readonly sex: "M" | "F"
  readonly serial: string
}): string => {
  const body = `999999${person.birthDate.replaceAll("-", "")}${person.serial.slice(0, 2)}${person.sex === "M" ? 1 : 2}`
  const sum = prcWeights.reduce((total, weight, index) => total + weight * Number(body[index]), 0)
  return body + "10X98765432".charAt(sum % 11)
}

/** The same number with another last digit (`digit` is its position from the end): its check digit is then wrong. */
export const withWrongDigit = (number: string, fromEnd: number): string => {
  const at = number.length - fromEnd
  return `${number.slice(0, at)}${number[at] === "1" ? "2" : "1"}${number.slice(at + 1)}`
}
