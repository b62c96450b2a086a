import { isLoopback } from '../network.ts'
import { type Refusal, refuse } from './answer.ts'
import type { HeaderReader } from './asked.ts'
import { plainIp } from './client-ip.ts'

const PROXY_HEADERS = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip']

/**
 * Refuses whoever is not a program on this machine: other machines, also through a proxy here, and web pages that a
 * browser here has open, also under a foreign name that was made to point here (DNS rebinding). Null: it may go on.
 * Who is far away is not told that there is anything.
 */
export function refuseStranger(headers: HeaderReader, peerIp: string | null): Refusal | null {
  const ip = plainIp(peerIp)
  if (ip === null || !isLoopback(ip)) return refuse('not_found')
  const host = headers.get('host') ?? ''
  if (!isLoopback(nameIn(host)))
    return far('host', 'Call it as http://127.0.0.1:PORT or http://localhost:PORT')
  const origin = headers.get('origin')
  if (origin !== null && origin !== `http://${host}`)
    return far('origin', 'A page of another site may not ask')
  const proxied = PROXY_HEADERS.find((name) => headers.has(name))
  return proxied === undefined ? null : far(proxied, 'Call it without a proxy between')
}

function nameIn(host: string): string {
  return host.replace(/:\d+$/, '')
}

function far(field: string, detail: string): Refusal {
  return refuse('not_found', { field, detail })
}
