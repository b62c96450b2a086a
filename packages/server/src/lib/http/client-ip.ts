import { BlockList, isIP, isIPv6 } from 'node:net'
import { parseNetwork } from '../network.ts'

export interface ProxyTrust {
  /** Whether this address belongs to a proxy of ours. */
  isTrusted(ip: string | null): boolean
  /**
   * The address that the limits count: seen from us, the first that no proxy of ours has. What stands further left
   * in `X-Forwarded-For` was written by strangers.
   */
  clientIp(peerIp: string | null, forwardedFor: string | null): string | null
}

/** @throws RangeError naming the entry that is neither address nor network */
export function createProxyTrust(trustProxy: readonly string[]): ProxyTrust {
  const proxies = new BlockList()
  for (const entry of trustProxy) addTo(proxies, entry)

  // Most servers trust nobody, and a check costs more than the rest of this.
  const trustsAny = trustProxy.length > 0
  const isTrusted = (ip: string | null) =>
    trustsAny && ip !== null && proxies.check(ip, isIPv6(ip) ? 'ipv6' : 'ipv4')
  return {
    isTrusted: (ip) => isTrusted(plainIp(ip)),
    clientIp(peerIp, forwardedFor) {
      let client = plainIp(peerIp)
      const hops = forwardedFor?.split(',') ?? []
      while (isTrusted(client) && hops.length > 0) {
        const hop = plainIp(hops.pop()?.trim() ?? null)
        if (hop === null) break
        client = hop
      }
      return client
    },
  }
}

/** IPv4 that arrives over an IPv6 socket is IPv4; a zone is not part of an address; null where it is none. */
export function plainIp(text: string | null): string | null {
  if (text === null) return null
  const address = text.split('%')[0] ?? ''
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address
  return isIP(mapped) === 0 ? null : mapped
}

const NEAR = new BlockList()
for (const network of [
  '127.0.0.0/8',
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '::1/128',
  'fc00::/7',
]) {
  addTo(NEAR, network)
}

/** Of this machine or its own network: where proxies are, and users are not. */
export function isPrivateIp(text: string | null): boolean {
  const ip = plainIp(text)
  return ip !== null && NEAR.check(ip, isIPv6(ip) ? 'ipv6' : 'ipv4')
}

function addTo(proxies: BlockList, entry: string): void {
  const network = parseNetwork(entry)
  if (network === null) {
    throw new RangeError(`TRUST_PROXY: "${entry}" is no address and no network such as 10.0.0.0/8`)
  }
  proxies.addSubnet(network.address, network.prefixBits, network.family)
}
