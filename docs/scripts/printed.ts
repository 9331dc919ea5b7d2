/** What a program printed, without Effect's log records and the lines that belong to them: they carry the time. */
export const printed = (output: string): string =>
  output.replaceAll(/^\[\d\d:\d\d:\d\d\.\d{3}\] \w+ \(#\d+\): [^\n]*\n(?:(?: [^\n]*|\})\n)*/gm, "").trim()
