/** Series as promtool's unit tests write them: values a minute apart. */

/** `values` is `start+step x times`. */
export interface Series {
  readonly series: string
  readonly values: string
}

/** A series that appears with its first count a few minutes before it is looked at, and stays there. */
export const newborn = (series: string): Series => ({ series, values: "_x592 1+0x100" })

/** A series that has held a count for long and gets no more. */
export const old = (series: string): Series => ({ series, values: "7+0x700" })

export const steady = (series: string, perMinute: number): Series => ({ series, values: `0+${perMinute}x700` })

/** A series that grows by one every so many minutes. */
export const every = (series: string, minutes: number): Series => ({
  series,
  values: Array.from({ length: Math.ceil(700 / minutes) }, (_, count) => `${count}x${minutes - 1}`).join(" ")
})
