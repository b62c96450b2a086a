/** Who calls, as the connection and the headers say. */
export interface Stranger {
  address: string
  host: string | undefined
  origin: string | undefined
}

export interface Refusal {
  status: number
  error: string
  message: string
  cure: string
}

const LOOPBACK_NAMES = new Set(['localhost', '127.0.0.1', '[::1]'])

function isLoopbackAddress(address: string): boolean {
  return address === '::1' || /^127\./.test(address)
}

/** Host names of `Host` and `Origin` are compared without their port. */
export function isLoopbackName(host: string): boolean {
  return LOOPBACK_NAMES.has(host.replace(/:\d+$/, '').toLowerCase())
}

function isLoopbackOrigin(origin: string): boolean {
  return URL.canParse(origin) && isLoopbackName(new URL(origin).host)
}

function forbidden(error: string, message: string, cure: string): Refusal {
  return { status: 403, error, message, cure }
}

/**
 * Who may turn the knobs: this machine alone. The address keeps other machines out; Host and Origin keep out web pages that
 * the developer's own browser has open, also where a foreign name was made to point to 127.0.0.1 (DNS rebinding).
 */
export function refuseStranger({ address, host, origin }: Stranger): Refusal | undefined {
  if (!isLoopbackAddress(address)) {
    return forbidden(
      'not_loopback',
      '/_emulator answers to this machine alone',
      'call it from the same machine',
    )
  }
  if (!isLoopbackName(host ?? '')) {
    return forbidden(
      'host_not_loopback',
      'the Host header names another machine',
      'call http://127.0.0.1:PORT or http://localhost:PORT',
    )
  }
  if (origin !== undefined && !isLoopbackOrigin(origin)) {
    return forbidden(
      'foreign_origin',
      'a page of another origin asks',
      'call from a terminal or a local page',
    )
  }
  return undefined
}
