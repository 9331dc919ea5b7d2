// A page that shows what its backend sent: a result without the person, and a document that the user may see.
import { CheckResult, Document } from "@effect-cloudauth/core"
import { Schema } from "effect"

export const show = (sent) => {
  const view = Schema.decodeUnknownSync(Schema.fromJsonString(CheckResult.View))(sent)
  const passport = Schema.decodeUnknownSync(Document.GlobalPassport)({ nationality: "UTO", expiryDate: "2030-01-31" })
  return `${view.verdict._tag} ${passport.nationality}`
}
