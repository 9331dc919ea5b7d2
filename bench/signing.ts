/** Signing alone, no network: the signers take turns in one process. Arguments: rounds, then the signers' modules. */
import type { CreateSigner } from "./signers/Signer.ts"
import { median, rotated } from "./statistics.ts"

const signaturesPerRound = 10_000
const [rounds = "", ...modulePaths] = process.argv.slice(2)

const signers = await Promise.all(
  modulePaths.map(async (path) => {
    const { create }: { readonly create: CreateSigner } = await import(path)
    return { sign: create(), micros: new Array<number>() }
  })
)

const round = (sign: () => string): number => {
  const start = performance.now()
  for (let i = 0; i < signaturesPerRound; i++) {
    if (!sign().includes(",Signature=")) throw new Error("not a signature")
  }
  return ((performance.now() - start) * 1000) / signaturesPerRound
}

for (const { sign } of signers) round(sign)
for (let i = 0; i < Number(rounds); i++) {
  for (const { micros, sign } of rotated(signers, i)) micros.push(round(sign))
}

process.on("disconnect", () => process.exit(0))
process.send?.(signers.map(({ micros }) => median(micros)))
