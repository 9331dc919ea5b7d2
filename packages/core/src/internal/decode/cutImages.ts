import * as Context from "effect/Context"
import type { Images } from "./images.ts"

/** The images that were cut out of the body that is being decoded. */
export const CutImages = Context.Reference<Images>("@effect-cloudauth/core/internal/CutImages", {
  defaultValue: () => new Map()
})
