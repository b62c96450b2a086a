import { createAccessTokens } from './lib/access-token.ts'
import { createAuthenticate, createAuthenticateNow } from './lib/authenticate.ts'
import { type Clock, type OffsetClock, systemClock } from './lib/clock.ts'
import type { Config } from './lib/config.ts'
import type { DoorHandler, HttpDeps } from './lib/http/deps.ts'
import { createInternalHandler, createPublicHandler } from './lib/http/handlers.ts'
import { type HttpListener, listen } from './lib/http/listen.ts'
import { createQuickDoor } from './lib/http/quick-door.ts'
import { createLogin } from './lib/login.ts'
import { isLoopback } from './lib/network.ts'
import { joinNodes, nodeOf } from './lib/nodes.ts'
import { type Random, systemRandom } from './lib/random.ts'
import type { Services } from './lib/services.ts'
import type { DatabaseError } from './lib/store/database-error.ts'
import type { Store } from './lib/store/store.ts'
import { createStoreLeases } from './lib/store-lease.ts'
import { silentTelemetry, type Telemetry } from './lib/telemetry.ts'
import { createMetrics } from './lib/telemetry-metrics.ts'
import { createUseOpenData } from './lib/use-open-data.ts'
import { VERSION } from './lib/version.ts'
import { createLazyTransport } from './lib/wechat/lazy-transport.ts'
import { keepHouse } from './main/keep-house.ts'
import { createLiveConfig, type LiveConfig, type Reloadable } from './main/live-config.ts'
import { fatalHandler } from './main/on-fatal.ts'
import { type OwnTier, oneNodeAtATime, openOwnTier } from './main/open-own-tier.ts'
import { openStore } from './main/open-store.ts'
import { type WatchWalOptions, watchWal } from './main/watch-wal.ts'
import { withMemory } from './main/with-memory.ts'

const DRAIN_MS = 10_000

export interface ComposeOptions {
  /** What the server says of itself. Default: nothing. */
  readonly log?: Telemetry['log']
  readonly clock?: Clock
  /**
   * Instead of `clock`, and moved by `/_dev`: what makes that exist. For `yaopai dev` and the demo; taken only beside an
   * emulator and with an internal listener that this machine alone can reach.
   */
  readonly devClock?: OffsetClock
  readonly random?: Random
  /** Instead of the one that the configuration names. It is closed with the server. */
  readonly store?: Store
  /** The store could not make something durable: nothing more may be acknowledged. Default: thrown where nobody catches. */
  readonly onFatal?: (error: DatabaseError) => void
}

/** All of a server but its listeners. */
export interface Composed {
  readonly deps: HttpDeps
  readonly publicHandler: DoorHandler
  readonly internalHandler: DoorHandler
  /** Takes over apps, back ends and master keys; the rest of the configuration holds until the next start. */
  reload(config: Reloadable): void
  /** From now on `/readyz` answers 503. */
  drain(): void
  /** Lets the last writes finish and lets go of everything. A second call does nothing. */
  close(): Promise<void>
}

/** The one place that knows concrete things: puts store, WeChat, verbs and handlers together. */
export async function compose(config: Config, given: ComposeOptions = {}): Promise<Composed> {
  const devClock = devClockOf(config, given)
  const options = devClock === null ? given : { ...given, clock: devClock }
  const metrics = createMetrics({ version: VERSION })
  const telemetry: Telemetry = { log: options.log ?? silentTelemetry.log, count: metrics.count }
  const live = createLiveConfig(config, {
    clock: options.clock ?? systemClock,
    random: options.random ?? systemRandom,
  })
  const tier = await openOwnTier(config, telemetry, options)
  const opened =
    options.store ?? (await openOwnStore(config, options, { telemetry, metrics }).catch(tier.givingUp))
  const store = withMemory(opened, config, { telemetry, metrics, options })
  const wechat = createLazyTransport({ baseUrl: config.wechatApiBase })
  let latest: Reloadable = config
  let leave = async (): Promise<void> => undefined
  const letGo = async () => {
    await leave()
    await wechat.close()
    await store.close()
    tier.close()
  }
  try {
    const services = servicesOf(config, { store, wechat, telemetry, live, options })
    const isAlone = options.store !== undefined || config.database.kind === 'sqlite'
    const current = () => nodeOf(latest, services)
    leave = await joinNodes(services, current(), { isAlone, current })
    const composed = faceOf(config, { services, live, tier, metricsText: metrics.text, devClock, letGo })
    if (config.insecureEmulator)
      telemetry.log('warn', 'server.insecure_emulator', { wechatApiBase: config.wechatApiBase })
    const reload = (next: Reloadable) => {
      composed.reload(next)
      latest = next
    }
    return { ...composed, reload }
  } catch (error) {
    await letGo()
    throw error
  }
}

function devClockOf(config: Config, { devClock }: ComposeOptions): OffsetClock | null {
  if (devClock === undefined || !config.insecureEmulator || !isLoopback(config.internalHost)) return null
  return devClock
}

interface Parts {
  readonly services: Services
  readonly live: LiveConfig
  readonly tier: OwnTier
  readonly devClock: OffsetClock | null
  readonly metricsText: HttpDeps['metrics']
  readonly letGo: () => Promise<void>
}

function faceOf(config: Config, parts: Parts): Composed {
  const { services, live, tier, devClock, letGo } = parts
  let isDraining = false
  let closing: Promise<void> | null = null
  const deps = depsOf(config, parts, () => isDraining)
  const handlers = {
    publicHandler: createPublicHandler(deps),
    internalHandler: createInternalHandler(deps),
  }
  // Last: from here on nothing can fail that would leave the timers behind.
  const stopKeepingHouse = keepHouse(services, {
    eventRetentionDays: config.eventRetentionDays,
    clock: devClock?.base ?? services.clock,
    isOurTurn: oneNodeAtATime(tier.takeLease),
  })
  const close = async () => {
    await stopKeepingHouse()
    await letGo()
  }
  return {
    deps,
    ...handlers,
    reload: (next) => live.reload(next),
    drain: () => {
      isDraining = true
    },
    close: () => {
      isDraining = true
      closing ??= close()
      return closing
    },
  }
}

function depsOf(config: Config, parts: Parts, isDraining: () => boolean): HttpDeps {
  const { services, live, tier, metricsText, devClock } = parts
  return {
    services,
    login: createLogin(services, tier.makeLimit('wx', config.exchangeLimitPerApp, 60)),
    authenticate: createAuthenticate(services),
    authenticateNow: createAuthenticateNow(services),
    useOpenData: createUseOpenData(services),
    accessTokens: createAccessTokens(services, tier.leasesOr(createStoreLeases(services))),
    assertions: () => live.current().assertions,
    basePath: config.basePath,
    trustProxy: config.trustProxy,
    loginLimitPerIp: config.loginLimitPerIp,
    makeLimit: tier.makeLimit,
    get backends() {
      return live.current().backends
    },
    metrics: metricsText,
    isDraining,
    devClock,
  }
}

function servicesOf(
  config: Config,
  parts: Pick<Services, 'store' | 'wechat' | 'telemetry'> & {
    readonly live: LiveConfig
    readonly options: ComposeOptions
  },
): Services {
  const { options, live, ...concrete } = parts
  return {
    ...concrete,
    vault: live.vault,
    get apps() {
      return live.current().apps
    },
    insecureEmulator: config.insecureEmulator,
    clock: options.clock ?? systemClock,
    random: options.random ?? systemRandom,
  }
}

async function openOwnStore(config: Config, options: ComposeOptions, told: WatchWalOptions): Promise<Store> {
  const store = await openStore(config.database, {
    role: 'server',
    ...(options.clock === undefined ? {} : { clock: options.clock }),
    onFatal: fatalHandler(options.onFatal),
  })
  return watchWal(store, config.database, told)
}

/** A running server. */
export interface YaopaiServer extends Composed {
  /** Such as `http://127.0.0.1:8787`, without the base path. */
  readonly publicUrl: string
  readonly internalUrl: string
}

/**
 * Opens the store and both listeners.
 * @throws ListenError when a port is taken or an address is not this machine's
 */
export async function createYaopaiServer(
  config: Config,
  options: ComposeOptions = {},
): Promise<YaopaiServer> {
  const { host, port, internalHost, internalPort } = config
  const composed = await compose(config, options)
  const shared = { telemetry: composed.deps.services.telemetry }
  const opened: HttpListener[] = []
  try {
    const quick = createQuickDoor('public', composed.deps)
    opened.push(await listen(composed.publicHandler, { ...shared, host, port, portSetting: 'PORT', quick }))
    const internal = {
      host: internalHost,
      port: internalPort,
      portSetting: 'INTERNAL_PORT',
      gatewayPath: '/forward-auth',
      quick: createQuickDoor('internal', composed.deps),
    } as const
    opened.push(await listen(composed.internalHandler, { ...shared, ...internal }))
  } catch (error) {
    await closeAll(opened, composed)
    throw error
  }
  const [open, internal] = opened
  if (open === undefined || internal === undefined) throw new Error('A listener was not opened')
  let closing: Promise<void> | null = null
  const close = () => {
    composed.drain()
    closing ??= closeAll(opened, composed)
    return closing
  }
  return { ...composed, publicUrl: open.url, internalUrl: internal.url, close }
}

async function closeAll(opened: readonly HttpListener[], composed: Composed): Promise<void> {
  await Promise.all(opened.map((listening) => listening.close({ drainMs: DRAIN_MS })))
  await composed.close()
}
