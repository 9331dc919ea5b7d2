/** A small RGBA canvas: rectangles, discs and 5 by 7 letters, which is all that a specimen needs. */
export interface Bitmap {
  readonly width: number
  readonly height: number
  readonly data: Uint8Array
}

export type Color = readonly [red: number, green: number, blue: number]

export const make = (width: number, height: number): Bitmap => ({
  width,
  height,
  data: new Uint8Array(width * height * 4).fill(255)
})

const set = (bitmap: Bitmap, x: number, y: number, color: Color): void => {
  if (x < 0 || y < 0 || x >= bitmap.width || y >= bitmap.height) return
  const at = (y * bitmap.width + x) * 4
  bitmap.data[at] = color[0]
  bitmap.data[at + 1] = color[1]
  bitmap.data[at + 2] = color[2]
}

export const rectangle = (
  bitmap: Bitmap,
  left: number,
  top: number,
  width: number,
  height: number,
  color: Color
): void => {
  for (let y = top; y < top + height; y++) for (let x = left; x < left + width; x++) set(bitmap, x, y, color)
}

export const disc = (bitmap: Bitmap, centreX: number, centreY: number, radius: number, color: Color): void => {
  for (let y = -radius; y <= radius; y++) {
    for (let x = -radius; x <= radius; x++) {
      if (x * x + y * y <= radius * radius) set(bitmap, centreX + x, centreY + y, color)
    }
  }
}

// Seven rows of five bits for each letter, written as base-32 digits from top to bottom.
const glyphs: Record<string, string> = {
  A: "EHHVHHH",
  B: "UHHUHHU",
  C: "EHGGGHE",
  D: "UHHHHHU",
  E: "VGGUGGV",
  F: "VGGUGGG",
  G: "EHGNHHF",
  H: "HHHVHHH",
  I: "E44444E",
  J: "72222IC",
  K: "HIKOKIH",
  L: "GGGGGGV",
  M: "HRLLHHH",
  N: "HPLJHHH",
  O: "EHHHHHE",
  P: "UHHUGGG",
  Q: "EHHHLID",
  R: "UHHUKIH",
  S: "FGGE11U",
  T: "V444444",
  U: "HHHHHHE",
  V: "HHHHHA4",
  W: "HHHLLLA",
  X: "HHA4AHH",
  Y: "HHA4444",
  Z: "V1248GV",
  "0": "EHJLPHE",
  "1": "4C4444E",
  "2": "EH1248V",
  "3": "V2421HE",
  "4": "26AIV22",
  "5": "VGU11HE",
  "6": "68GUHHE",
  "7": "V124888",
  "8": "EHHEHHE",
  "9": "EHHF12C",
  "-": "000V000",
  "/": "0124GG0",
  "(": "2488842",
  ")": "8422248",
  ".": "00000CC",
  ",": "0000C48",
  ":": "0CC0CC0",
  "*": "04LEL40"
}

export const textWidth = (text: string, scale: number): number => text.length * 6 * scale

/** Draws upper-case Latin text; what has no glyph is left blank. */
export const text = (bitmap: Bitmap, left: number, top: number, content: string, scale: number, color: Color): void => {
  for (const [index, letter] of [...content.toUpperCase()].entries()) {
    for (const [row, digit] of [...(glyphs[letter] ?? "")].entries()) {
      const bits = Number.parseInt(digit, 32)
      for (let column = 0; column < 5; column++) {
        if ((bits >> (4 - column)) & 1) {
          rectangle(bitmap, left + (index * 6 + column) * scale, top + row * scale, scale, scale, color)
        }
      }
    }
  }
}
