import { isIP } from 'node:net'

/** A single address is a network of its own. */
export interface Network {
  readonly address: string
  readonly family: 'ipv4' | 'ipv6'
  readonly prefixBits: number
}

/** An address, or a network in CIDR form (RFC 4632); null where it is neither. `/08` and `/00` are no prefixes. */
export function parseNetwork(text: string): Network | null {
  const [address = '', prefix, surplus] = text.trim().split('/')
  const version = isIP(address)
  if (version === 0 || surplus !== undefined) return null
  const widestBits = version === 4 ? 32 : 128
  const family = version === 4 ? 'ipv4' : 'ipv6'
  if (prefix === undefined) return { address, family, prefixBits: widestBits }
  if (!/^(0|[1-9]\d{0,2})$/.test(prefix) || Number(prefix) > widestBits) return null
  return { address, family, prefixBits: Number(prefix) }
}

/** Whether this address or name means this machine alone. */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '').toLowerCase()
  return bare === 'localhost' || bare === '::1' || (isIP(bare) === 4 && bare.startsWith('127.'))
}
