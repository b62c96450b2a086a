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
   * takes all has one called `backend`.
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

function check({ devUrl, backends: texts = [], taps = {} }: Servers) {
  const backends = parseBackends(texts)
  // A back end has a tap of its own, for mini programs that run elsewhere.
  const own = backends.rest === undefined ? {} : { backend: backends.rest.href }
  const base = devUrl === undefined ? undefined : parseDevUrl(devUrl)
  return { devUrl: base, backends, taps: parseTaps({ ...own, ...taps }) }
}

/** @throws {EmulatorError} `bad_dev_url`, `bad_backend`, `bad_tap` */
export function createSurroundings(first: Servers): Surroundings {
  let told = first
  let now = check(first)
  const backends = { ...now.backends }
  const taps = new Map(now.taps)
  return {
    devUrl: () => now.devUrl,
    backends,
    taps,
    connect(servers) {
      const { devUrl = told.devUrl, backends: texts = told.backends, taps: doors = told.taps } = servers
      const all = { devUrl, backends: texts, taps: doors }
      now = check(all)
      told = all
      Object.assign(backends, now.backends)
      taps.clear()
      for (const [name, tap] of now.taps) taps.set(name, tap)
    },
  }
}
