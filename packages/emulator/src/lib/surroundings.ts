import { parseDevUrl } from './dev-relay/dev-url.ts'
import { type Backends, parseBackends } from './proxy/backends.ts'
import { parseTaps, type Tap } from './tap/taps.ts'

/** The servers around an emulator. */
export interface Servers {
  /**
   * A back end on this machine that offers `/_dev`, the knobs for development: its clock, the ends of sessions. Then
   * `/_emulator/dev` hands on to it. The README has the protocol.
   */
  devUrl?: string | undefined
  /**
   * Where requests of mini programs go that pass through the emulator: a URL for all that are not to this machine, and pairs
   * such as `https://api.example.com=http://127.0.0.1:3000` for one origin each. Default: where they say.
   */
  backends?: readonly string[] | undefined
  /**
   * Doors before servers, `/_emulator/tap/{name}/…`: what back ends send through them is seen. Name → URL. A back end that
   * takes all has one called `backend`, for mini programs that run elsewhere.
   */
  taps?: Readonly<Record<string, string>> | undefined
}

/** The same, checked. What they hold changes where `connect` is called. */
export interface Surroundings {
  devUrl(): string | undefined
  readonly backends: Backends
  readonly taps: ReadonlyMap<string, Tap>
  /** Takes what is given in the place of what was. Nothing changes where any of it is bad. */
  connect(servers: Servers): void
}

function tapOf({ rest }: Backends): ReadonlyMap<string, Tap> {
  return rest ? parseTaps({ backend: rest.href }) : new Map()
}

/** @throws {EmulatorError} `bad_dev_url`, `bad_backend`, `bad_tap` */
export function createSurroundings(first: Servers): Surroundings {
  let devUrl: string | undefined
  const backends = parseBackends([])
  const taps = new Map<string, Tap>()
  const connect = (servers: Servers) => {
    const given = {
      devUrl: servers.devUrl === undefined ? undefined : parseDevUrl(servers.devUrl),
      backends: servers.backends && parseBackends(servers.backends),
      taps: servers.taps && parseTaps(servers.taps),
    }
    devUrl = given.devUrl ?? devUrl
    if (given.backends !== undefined) Object.assign(backends, given.backends)
    if (given.taps !== undefined) taps.clear()
    for (const [name, tap] of [...tapOf(backends), ...(given.taps ?? [])]) taps.set(name, tap)
  }
  connect(first)
  return { devUrl: () => devUrl, backends, taps, connect }
}
