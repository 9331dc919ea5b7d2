// What a page weighs that only tells users what to do: what it doesn't use must be dropped.
import * as Advice from "@effect-cloudauth/core/Advice"

export const textOf = (subCode) => Advice.ofSubCode(subCode).user.en
