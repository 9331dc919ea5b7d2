import { assert, it } from "@effect/vitest"
import { RepeatedAnswers } from "../../src/internal/RepeatedAnswers.ts"

const named = (id: string | undefined) => ({ "x-acs-request-id": id })

it("knows the answers of late, and forgets the oldest", () => {
  const answers = new RepeatedAnswers()
  for (let index = 0; index < 10_000; index++) assert.isFalse(answers.isRepeated(named(`R${index}`)))
  assert.isTrue(answers.isRepeated(named("R9999")))
  assert.isTrue(answers.isRepeated(named(`R${10_000 - 4096}`)))
  assert.isFalse(answers.isRepeated(named(`R${10_000 - 4097}`)))
})

it("judges no answer that has no name", () => {
  const answers = new RepeatedAnswers()
  for (const headers of [{}, named(undefined), named("")]) {
    assert.isFalse(answers.isRepeated(headers))
    assert.isFalse(answers.isRepeated(headers))
  }
})
