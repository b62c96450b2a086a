import type { Place } from './story.ts'

export const BASE_URL = 'https://api.example.com'
export const FILES_ORIGIN = 'https://files.example.com'
export const AUTH_ORIGIN = 'https://auth.example.com'
export const AUTH_URL = `${AUTH_ORIGIN}/yaopai`
const OWN_ORIGINS: readonly string[] = [BASE_URL, FILES_ORIGIN, AUTH_ORIGIN]

/** Whether who is behind it may see the token: what WHATWG's URL makes of it, sockets as their http twins. */
export function isOwn(url: string): boolean {
  return OWN_ORIGINS.includes(new URL(url.replace(/^ws/i, 'http')).origin)
}

/** The address of a path in that place; some look like ours and are not. */
export function addressOf(place: Place, path: string): string {
  return ADDRESSES[place] + path
}

const ADDRESSES: Record<Place, string> = {
  path: '',
  'own-url': BASE_URL,
  'own-port-443': `${BASE_URL}:443`,
  'upper-case': 'https://API.Example.COM',
  files: FILES_ORIGIN,
  stranger: 'https://cdn.other.org',
  suffix: 'https://api.example.com.other.org',
  'user-part': 'https://api.example.com@other.org',
  'other-port': `${BASE_URL}:8443`,
  'plain-http': 'http://api.example.com',
  backslash: 'https://other.org\\@api.example.com',
}
