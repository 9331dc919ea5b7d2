import * as Gateway from "../Gateway.ts"
import { basics } from "./page/basics.ts"
import { body } from "./page/body.ts"
import { calls } from "./page/calls.ts"
import { detail } from "./page/detail.ts"
import { faultExamples } from "./page/faultExamples.ts"
import { html } from "./page/html.ts"
import { switches } from "./page/switches.ts"

const script = [
  basics,
  `const defaultSecret = ${JSON.stringify(Gateway.defaultAccessKeySecret)}\n`,
  `const faultExamples = ${JSON.stringify(faultExamples)}\n`,
  detail,
  calls,
  switches
].join("")

/** The page of the emulator's operator. */
export const response = html({ title: "CheckResult emulator", body, script })
