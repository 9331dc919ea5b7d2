// Every name is this machine's, as its hosts file could say it: neither the vendor nor a tool's service is reached.
import dns from "node:dns"

const { lookup } = dns
dns.lookup = (name, ...rest) => lookup(name === "localhost" ? name : "127.0.0.1", ...rest)
