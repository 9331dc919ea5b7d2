// A bundle of `page.mjs` for browsers says why it fails.
const error = await import("./page/page.mjs").catch((reason) => reason)
if (!error?.message?.includes("everyone could take the access key"))
  throw new Error("a browser is not refused", { cause: error })
