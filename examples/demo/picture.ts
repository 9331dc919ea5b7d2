/** Draws `demo.svg`, the README's picture, from what the demo really prints: `node picture.ts`. */
import { spawnSync } from "node:child_process"
import { writeFileSync } from "node:fs"
import { join } from "node:path"

/** Each run has another port and other waits; the picture has always the same. */
const steady = (output: string): string => {
  const waits = ["(640 ms)", "(1180 ms)"]
  return output
    .replace(/127\.0\.0\.1:\d+/, "127.0.0.1:48787")
    .replaceAll(/\(\d+ ms\)/g, (wait) => waits.shift() ?? wait)
}

/** The classes of the codes that `styleText` writes; a code that ends a style has none. */
const styles: Readonly<Record<string, string>> = { "1": "b", "2": "d", "31": "r", "32": "g", "33": "y" }

const escaped = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;")

const drawLine = (line: string, index: number): string => {
  const [plain = "", ...parts] = line.split("\u001b[")
  const spans = parts.map((part) => {
    const [, code = "", text = ""] = /^(\d+)m(.*)$/s.exec(part) ?? []
    const style = styles[code]
    if (text === "") return ""
    return style === undefined ? escaped(text) : `<tspan class="${style}">${escaped(text)}</tspan>`
  })
  return `<text x="24" y="${72 + index * 20}">${escaped(plain)}${spans.join("")}</text>`
}

const css = `
  text { font: 14px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; fill: #d6deeb; white-space: pre }
  .b { font-weight: 700; fill: #fff } .d { fill: #8b9bb0 } .r { fill: #ff7b86 } .g { fill: #7ee0a1 } .y { fill: #ffd479 }
`

/** The picture of an output in colour. */
export const draw = (output: string): string => {
  const lines = steady(output).trimEnd().split("\n")
  const [width, height] = [1020, 72 + lines.length * 20]
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="What the demo prints">
<style>${css}</style>
<rect width="${width}" height="${height}" rx="10" fill="#0f1724"/>
<g><circle cx="26" cy="26" r="6" fill="#ff5f57"/><circle cx="46" cy="26" r="6" fill="#febc2e"/><circle cx="66" cy="26" r="6" fill="#28c840"/></g>
${lines.map(drawLine).join("\n")}
</svg>
`
}

/** What the demo prints to a terminal. */
export const printed = (): string =>
  spawnSync(process.execPath, [join(import.meta.dirname, "main.ts")], {
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: undefined, FORCE_COLOR: "1" }
  }).stdout

if (import.meta.main) writeFileSync(join(import.meta.dirname, "demo.svg"), draw(printed()))
