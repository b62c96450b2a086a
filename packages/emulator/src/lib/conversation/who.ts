import type { PhoneIdentity } from '../proxy/envelope.ts'
import type { Station } from './arrow.ts'
import type { Kept } from './sighting.ts'

/** Where nobody knows which server calls, or which back end. */
export const UNKNOWN_SERVER = 'server'
export const UNKNOWN_BACK_END = 'back-end'

/** Who is who, as far as the talk has shown it. */
export interface Who {
  /** The lane of a phone, by its own word or by who holds it. */
  phone(identity: PhoneIdentity): string
  phoneOf(user: string, device: string | undefined): string
  /** This origin was handed this code. */
  gotCode(code: string, origin: string): void
  /** Which server hands over this code, calls for this app, or holds this access_token. */
  caller(credentials: { code?: string | null; appid?: string | null; accessToken?: string | null }): string
  /** The server holds this access_token from now on. */
  gotAccessToken(token: string, server: string): void
  /** The lane of what stands behind a tap. */
  behindTap(url: string): string
  sentTo(station: string, origin: string): void
  stations(kept: readonly Kept[]): Station[]
}

const LONGEST = 5000

function createMemory<T>() {
  const entries = new Map<string, T>()
  return {
    get: (key: string | null | undefined) => (key ? entries.get(key) : undefined),
    set(key: string, value: T) {
      entries.delete(key)
      entries.set(key, value)
      const oldest = entries.size > LONGEST ? entries.keys().next().value : undefined
      if (oldest !== undefined) entries.delete(oldest)
    },
    values: () => [...entries.values()],
  }
}

function hostOf(origin: string): string {
  return URL.canParse(origin) ? new URL(origin).hostname : ''
}

function createServers() {
  const servers = new Set<string>()
  const only = () => (servers.size === 1 ? [...servers][0] : undefined)
  return {
    add: (server: string) => void servers.add(server),
    has: (station: string) => servers.has(station),
    only,
    /** The one server of that host: its other port is its back door. */
    onHost(url: string): string | undefined {
      const hits = [...servers].filter((server) => hostOf(server) === hostOf(url))
      return hits.length === 1 ? hits[0] : undefined
    },
  }
}

export function createWho(): Who {
  const phones = createMemory<PhoneIdentity>()
  const carriers = createMemory<string>()
  const callers = createMemory<string>()
  const tokens = createMemory<string>()
  const sentTo = createMemory<string>()
  const servers = createServers()

  const phone = (identity: PhoneIdentity) => {
    phones.set(identity.id, identity)
    return identity.id
  }
  const kindOf = (id: string): Station['kind'] => {
    if (id === 'wechat' || id === 'operator') return id
    if (id.startsWith('phone:')) return 'mini-program'
    return id === UNKNOWN_SERVER || servers.has(id) ? 'server' : 'back-end'
  }
  const stationOf = (id: string): Station => {
    const { user, device } = phones.get(id) ?? {}
    const real = sentTo.get(id)
    return {
      id,
      kind: kindOf(id),
      ...(user === undefined ? {} : { user }),
      ...(device === undefined ? {} : { device }),
      ...(real === undefined ? {} : { sentTo: real }),
    }
  }
  return {
    phone,
    phoneOf(user, device = 'phone') {
      const known = phones.values().find((one) => one.user === user && one.device === device)
      const id = `phone:${encodeURIComponent(user)}/${encodeURIComponent(device)}`
      return known?.id ?? phone({ id, user, device })
    },
    gotCode(code, origin) {
      carriers.set(code, origin)
      servers.add(origin)
    },
    caller({ code, appid, accessToken }) {
      const known = carriers.get(code) ?? tokens.get(accessToken) ?? callers.get(appid) ?? servers.only()
      const server = known ?? UNKNOWN_SERVER
      if (appid && carriers.get(code)) callers.set(appid, server)
      return server
    },
    gotAccessToken: (token, server) => tokens.set(token, server),
    behindTap(url) {
      const station = servers.onHost(url) ?? new URL(url).origin
      servers.add(station)
      return station
    },
    sentTo: (station, origin) => sentTo.set(station, origin),
    stations: (kept) => [...new Set(kept.flatMap(({ from, to }) => [from, to]))].map(stationOf),
  }
}
