/** An advice as it stands in a message. */
const indented = (advice: string): string => advice.replaceAll("\n", "\n  ")

/** The message with another advice in place of its own. */
export const replaceAdvice = (message: string, advice: string, other: string): string =>
  message.replace(indented(advice), () => indented(other))
