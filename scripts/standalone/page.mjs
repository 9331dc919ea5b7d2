// A page, which must not hold an access key.
import { createClient } from "@effect-cloudauth/client"

createClient()
