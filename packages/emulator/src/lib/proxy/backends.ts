import { isLoopbackName } from '../control/guard.ts'
import { EmulatorError } from '../machine.ts'

/** Where requests of mini programs go. */
export interface Backends {
  /** Takes every request that is neither mapped nor to this machine. Its path is put before theirs. */
  rest: URL | undefined
  /** Origin → what takes its requests. */
  mapped: ReadonlyMap<string, URL>
}

export type Route =
  /** `isElsewhere`: it goes to another machine, and nobody said that it should go anywhere else. */
  { ok: true; url: URL; isElsewhere: boolean } | { ok: false; code: string; message: string }

const CURE = 'give a URL (http://127.0.0.1:3000) or a pair (https://api.example.com=http://127.0.0.1:3000)'

function fault(reason: string): EmulatorError {
  return new EmulatorError('bad_backend', reason, CURE)
}

function httpUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || !/^https?:$/.test(url.protocol)) throw fault(`${JSON.stringify(text)} is no http or https URL`)
  if (url.search !== '' || url.hash !== '') throw fault(`${JSON.stringify(text)} has more than a path`)
  return url
}

function originOf(text: string): string {
  const url = httpUrl(text)
  if (url.pathname !== '/') throw fault(`${JSON.stringify(text)} is no origin: it has a path`)
  return url.origin
}

/**
 * The meaning of `--backend`.
 *
 * @throws {EmulatorError} `bad_backend`
 */
export function parseBackends(texts: readonly string[]): Backends {
  const mapped = new Map<string, URL>()
  let rest: URL | undefined
  for (const text of texts) {
    const pair = /^(.+?)=(https?:\/\/.+)$/i.exec(text)
    const origin = pair ? originOf(pair[1] ?? '') : undefined
    if (origin === undefined ? rest !== undefined : mapped.has(origin))
      throw fault(`${JSON.stringify(text)} is the second for the same requests`)
    if (origin === undefined) rest = httpUrl(text)
    else mapped.set(origin, httpUrl(pair?.[2] ?? ''))
  }
  return { rest, mapped }
}

function below(base: URL, url: URL): URL {
  const joined = new URL(base)
  joined.pathname = `${base.pathname.replace(/\/$/, '')}${url.pathname}`
  joined.search = url.search
  return joined
}

/** Where a mini program's request goes. WeChat's own host is in nobody's list of domains. */
export function routeOf({ rest, mapped }: Backends, url: URL): Route {
  if (url.hostname === 'api.weixin.qq.com') {
    return { ok: false, code: 'ERR_NOT_IN_DOMAIN_LIST', message: 'url not in domain list' }
  }
  const own = mapped.get(url.origin)
  if (own) return { ok: true, url: below(own, url), isElsewhere: false }
  if (isLoopbackName(url.host)) return { ok: true, url, isElsewhere: false }
  if (rest) return { ok: true, url: below(rest, url), isElsewhere: false }
  return { ok: true, url, isElsewhere: true }
}
