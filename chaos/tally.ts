/** Counts by row and column, and prints itself as a Markdown table. */
export class Tally {
  readonly #title: string
  readonly #rows = new Map<string, Map<string, number>>()

  constructor(title: string) {
    this.#title = title
  }

  add(row: string, column: string): void {
    let counts = this.#rows.get(row)
    if (counts === undefined) this.#rows.set(row, (counts = new Map()))
    counts.set(column, (counts.get(column) ?? 0) + 1)
  }

  toString(): string {
    const totals = new Map<string, number>()
    for (const counts of this.#rows.values()) {
      for (const [column, count] of counts) totals.set(column, (totals.get(column) ?? 0) + count)
    }
    const columns = [...totals].toSorted(([, a], [, b]) => b - a).map(([column]) => column)
    const line = (cells: ReadonlyArray<string>): string => `| ${cells.join(" | ")} |`
    const row = (name: string, counts: ReadonlyMap<string, number>): string =>
      line([
        name,
        String([...counts.values()].reduce((sum, count) => sum + count, 0)),
        ...columns.map((column) => String(counts.get(column) ?? ""))
      ])
    return [
      line([this.#title, "all", ...columns]),
      line(["---", "---:", ...columns.map(() => "---:")]),
      ...[...this.#rows].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([name, counts]) => row(name, counts)),
      row("**all**", totals)
    ].join("\n")
  }
}
