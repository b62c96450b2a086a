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

type Servers = ReturnType<typeof createServers>

function kindOf(servers: Servers, id: string): Station['kind'] {
  if (id === 'wechat' || id === 'operator') return id
  if (id.startsWith('phone:')) return 'mini-program'
  return id === UNKNOWN_SERVER || servers.has(id) ? 'server' : 'back-end'
}

/** Phones, by their own word or by who holds them. */
function createPhones() {
  const phones = createMemory<PhoneIdentity>()
  const phone = (identity: PhoneIdentity) => {
    phones.set(identity.id, identity)
    return identity.id
  }
  return {
    phone,
    get: phones.get,
    phoneOf(user: string, device = 'phone') {
      const known = phones.values().find((one) => one.user === user && one.device === device)
      const id = `phone:${encodeURIComponent(user)}/${encodeURIComponent(device)}`
      return known?.id ?? phone({ id, user, device })
    },
  }
}

/** Which server it is that calls WeChat, by what it holds. */
function createCallers(servers: Servers): Pick<Who, 'gotCode' | 'gotAccessToken' | 'caller'> {
  const byCode = createMemory<string>()
  const byAppid = createMemory<string>()
  const byToken = createMemory<string>()
  return {
    gotCode(code, origin) {
      byCode.set(code, origin)
      servers.add(origin)
    },
    gotAccessToken: (token, server) => byToken.set(token, server),
    caller({ code, appid, accessToken }) {
      const holder = byCode.get(code)
      if (appid && holder !== undefined) byAppid.set(appid, holder)
      return holder ?? byToken.get(accessToken) ?? byAppid.get(appid) ?? servers.only() ?? UNKNOWN_SERVER
    },
  }
}

export function createWho(): Who {
  const servers = createServers()
  const phones = createPhones()
  const sentTo = createMemory<string>()
  const stationOf = (id: string): Station => {
    const { user, device } = phones.get(id) ?? {}
    const all = { id, kind: kindOf(servers, id), user, device, sentTo: sentTo.get(id) }
    return Object.fromEntries(
      Object.entries(all).filter(([, value]) => value !== undefined),
    ) as unknown as Station // all but the undefined
  }
  return {
    ...createCallers(servers),
    phone: phones.phone,
    phoneOf: phones.phoneOf,
    behindTap(url) {
      const station = servers.onHost(url) ?? new URL(url).origin
      servers.add(station)
      return station
    },
    sentTo: (station, origin) => sentTo.set(station, origin),
    stations: (kept) => [...new Set(kept.flatMap(({ from, to }) => [from, to]))].map(stationOf),
  }
}
