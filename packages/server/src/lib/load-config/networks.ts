import { BlockList } from 'node:net'
import { type Network, parseNetwork } from '../network.ts'

const MIN_IPV4_BITS = 8
const MIN_IPV6_BITS = 16
/** IPv4 addresses as IPv6 writes them (RFC 4291, 2.5.5.2): who trusts these trusts IPv4. */
const MAPPED = { address: '::ffff:0:0', family: 'ipv6', prefixBits: 96 } as const

/** An address, or a network in CIDR form. */
export function isNetwork(text: string): boolean {
  return parseNetwork(text) !== null
}

/** Wider than any network of proxies: two such entries already trust everybody there is. */
export function isTooWide(text: string): boolean {
  const network = parseNetwork(text)
  if (network === null) return false
  if (network.family === 'ipv4') return network.prefixBits < MIN_IPV4_BITS
  const touchesIpv4 = holds(network, MAPPED.address) || holds(MAPPED, network.address)
  const minBits = touchesIpv4 ? MAPPED.prefixBits + MIN_IPV4_BITS : MIN_IPV6_BITS
  return network.prefixBits < minBits
}

function holds({ address, family, prefixBits }: Network, other: string): boolean {
  const list = new BlockList()
  list.addSubnet(address, prefixBits, family)
  return list.check(other, family)
}
