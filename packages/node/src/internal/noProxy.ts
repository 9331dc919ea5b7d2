/** The hosts that are reached without a proxy, as curl and Go read `NO_PROXY`. */
import * as net from "node:net"

/** Whether a host and port are reached directly. The host is in lower case, an IPv6 address without brackets. */
export type IsDirect = (host: string, port: number) => boolean

/** Reads a list such as `localhost, .example.com, 10.0.0.0/8, [fd00::1]:8443, *`. */
export const noProxy = (list: string): IsDirect => {
  const rules = list
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((entry) => entry !== "")
    .map(ruleOf)
  return (host, port) => rules.some((rule) => rule(withoutFinalDot(host), port))
}

const ruleOf = (entry: string): IsDirect => {
  if (entry === "*") return () => true
  const subnet = subnetOf(entry)
  if (subnet !== undefined) return (host) => contains(subnet, host)
  const { host, port } = splitPort(entry)
  const isNamed = named(host)
  return (asked, askedPort) => (port === undefined || port === askedPort) && isNamed(asked)
}

/** `example.com` and `.example.com` are the name and all below it; `*.example.com` is what is below it. */
const named = (entry: string): ((host: string) => boolean) => {
  if (net.isIP(entry) !== 0) {
    const address = new net.BlockList()
    address.addAddress(entry, family(entry))
    return (host) => contains(address, host)
  }
  const name = withoutFinalDot(entry.replace(/^\*?\./, ""))
  if (name === "") return () => false
  const isApexToo = !entry.startsWith("*.")
  return (host) => host.endsWith(`.${name}`) || (isApexToo && host === name)
}

const subnetOf = (entry: string): net.BlockList | undefined => {
  const [address = "", bits = ""] = entry.split("/")
  if (!/^\d{1,3}$/.test(bits) || net.isIP(address) === 0) return undefined
  if (Number(bits) > (net.isIPv6(address) ? 128 : 32)) return undefined
  const subnet = new net.BlockList()
  subnet.addSubnet(address, Number(bits), family(address))
  return subnet
}

const splitPort = (entry: string): { readonly host: string; readonly port: number | undefined } => {
  if (net.isIP(entry) !== 0) return { host: entry, port: undefined }
  const found = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d{1,5}))?$/.exec(entry)
  return {
    host: found?.[1] ?? found?.[2] ?? entry,
    port: found?.[3] === undefined ? undefined : Number(found[3])
  }
}

const family = (address: string): "ipv4" | "ipv6" => (net.isIPv6(address) ? "ipv6" : "ipv4")

const contains = (list: net.BlockList, host: string): boolean => net.isIP(host) !== 0 && list.check(host, family(host))

const withoutFinalDot = (host: string): string => (host.endsWith(".") ? host.slice(0, -1) : host)
