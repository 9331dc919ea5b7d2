/** The mark of the emulator's access keys and transactions. A client of the real service refuses what begins with it. */
export const mark = "emulator-"

/** Refuses an access key that could be a real one. */
export const requireMarkedKey = (accessKeyId: string): void => {
  if (accessKeyId.startsWith(mark)) return
  throw new TypeError(
    `An access key id of the emulator begins with "${mark}", so that it can't be taken for a real one: rename the key, and never give the emulator real keys.`
  )
}
