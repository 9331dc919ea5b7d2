/** A key without its spelling: `given_names` and `GivenNames` are the same. */
export const plainKey = (key: string): string => key.toLowerCase().replace(/[_-]/g, "")

/** Looks a key up as it is first, which nearly always finds it, and then in any other spelling. */
export const lookUp = <A>(byKey: ReadonlyMap<string, A>, key: string): A | undefined =>
  byKey.get(key) ?? byKey.get(plainKey(key))

/** Names, to be looked up in any spelling. */
export const namesBySpelling = (names: ReadonlyArray<string>): ReadonlyMap<string, string> =>
  bySpelling(names.map((name) => [name, name]))

/** Names with their values, to be looked up in any spelling. */
export const bySpelling = <A>(entries: ReadonlyArray<readonly [name: string, value: A]>): ReadonlyMap<string, A> =>
  new Map(entries.flatMap(([name, value]) => [[plainKey(name), value] as const, [name, value] as const]))
