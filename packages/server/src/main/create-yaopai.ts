import process from 'node:process'
import type { Clock } from '../lib/clock.ts'
import type { TokenRefusal } from '../lib/errors.ts'
import { newRequestId } from '../lib/http/request-id.ts'
import { preferredLanguage } from '../lib/language.ts'
import { ConfigError } from '../lib/load-config/config-error.ts'
import { type ConfigOptions, type ListenOptions, loadConfigOptions } from '../lib/load-config/from-options.ts'
import type { StoredSession } from '../lib/records.ts'
import type { Store } from '../lib/store/store.ts'
import type { Fields, Level } from '../lib/telemetry.ts'
import { verify } from '../lib/verify.ts'
import { sessionView, userView } from '../lib/views.ts'
import { type Composed, type ComposeOptions, compose, createYaopaiServer } from '../main.ts'
import type { SessionView, UserView, VerifyView } from '../protocol.ts'

export interface YaopaiOptions extends ConfigOptions {
  /** Hears what happens, one event at a time, without secrets. Default: nobody does. */
  readonly log?: (level: Level, event: string, fields?: Fields) => void
  /** Instead of `databaseUrl`: `createMemoryStore()` in tests, or a store of your own. Closed with the rest. */
  readonly store?: Store
  /** Default: the system's. Tests hand in one that they move. */
  readonly clock?: Clock
  /**
   * The disk refused a write that had to last: nothing is acknowledged any more, and the process should end with
   * `error.exitCode`. Default: the error is thrown where nobody catches it.
   */
  readonly onFatal?: (error: Error & { readonly exitCode: number }) => void
}

/** Who calls. `openid` is for the back end alone: it must not reach a client. */
export type Authenticated =
  | {
      readonly ok: true
      readonly user: UserView
      readonly session: SessionView
      readonly appid: string
      readonly openid: string
    }
  | { readonly ok: false; readonly reason: TokenRefusal }

/** The other end of the connection. Without its address all callers share one login limit. */
export interface Peer {
  readonly ip: string | null
}

/** Yaopai in this process. */
export interface Yaopai {
  /** Serves what mini programs call. Never rejects. */
  handler(request: Request, peer?: Peer): Promise<Response>
  /** Serves what back ends and gateways call. Mount it where mini programs cannot reach it. Never rejects. */
  internalHandler(request: Request, peer?: Peer): Promise<Response>
  /**
   * Who holds this token; null for a request that has none.
   * @throws Error when the store cannot say: answer 503
   */
  authenticate(token: string | null): Promise<Authenticated>
  /**
   * The same as it may be shown to the client, or the refusal to hand on: what `yaopai/express` works with.
   * @throws Error when the store cannot say: answer 503
   */
  verify(token: string | null, client?: { readonly acceptLanguage?: string | null }): Promise<VerifyView>
  /** Lets the last writes finish and lets go of the database. */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * Yaopai as a part of your own server: handlers that mount in any framework which speaks the web's `Request` and
 * `Response`, and the question who calls.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict'
 * import { startEmulator } from '@yaopai/wechat-emulator'
 * import { createMemoryStore, createYaopai, newMasterKey } from 'yaopai'
 *
 * await using wechat = await startEmulator({ demo: true })
 * await using yaopai = await createYaopai({
 *   apps: [{ appid: 'wxa1b2c3d4e5f60718', secret: '0123456789abcdef0123456789abcdef' }],
 *   masterKey: newMasterKey('k1'),
 *   store: createMemoryStore(),
 *   wechatApiBase: wechat.url,
 *   insecureEmulator: true,
 * })
 * const { code } = wechat.login({ appid: 'wxa1b2c3d4e5f60718', user: 'alice' })
 * const answer = await yaopai.handler(
 *   new Request('http://127.0.0.1/login', {
 *     method: 'POST',
 *     headers: { 'Content-Type': 'application/json' },
 *     body: JSON.stringify({ code }),
 *   }),
 * )
 * const { token } = Object(await answer.json())
 * const caller = await yaopai.authenticate(token)
 * assert.ok(caller.ok)
 * ```
 *
 * @throws ConfigError with every option that does not fit
 * @throws Error with an `exitCode` when the database cannot be opened
 */
export async function createYaopai(options: YaopaiOptions): Promise<Yaopai> {
  const { config, rest } = split(options)
  return faceOf(await compose(config, rest))
}

/** Yaopai with listeners of its own in this process. */
export interface RunningYaopai extends Yaopai {
  /** Such as `http://127.0.0.1:8787`. */
  readonly publicUrl: string
  readonly internalUrl: string
}

/**
 * Yaopai on two ports of this process, as `yaopai serve` runs it, but for signals and logs.
 *
 * @throws ConfigError with every option that does not fit
 * @throws Error with a `setting` when a port is taken, with an `exitCode` when the database cannot be opened
 */
export async function startYaopai(options: YaopaiOptions & ListenOptions): Promise<RunningYaopai> {
  const { config, rest } = split(options)
  const server = await createYaopaiServer(config, rest)
  return { ...faceOf(server), publicUrl: server.publicUrl, internalUrl: server.internalUrl }
}

function split(options: YaopaiOptions & ListenOptions) {
  // A spread, for nothing at all may have been handed in: then what is missing is named.
  const { log, store, clock, onFatal, ...settings } = { ...options }
  const loaded = loadConfigOptions(settings, process.cwd())
  if (!loaded.ok) throw new ConfigError(loaded.problems)
  const rest: ComposeOptions = {
    ...(log === undefined ? {} : { log }),
    ...(store === undefined ? {} : { store }),
    ...(clock === undefined ? {} : { clock }),
    ...(onFatal === undefined ? {} : { onFatal }),
  }
  return { config: loaded.config, rest }
}

const UNKNOWN: Peer = { ip: null }

function faceOf(composed: Composed): Yaopai {
  const { authenticate, authenticateNow, services } = composed.deps
  const close = () => composed.close()
  return {
    handler: (request, peer = UNKNOWN) => composed.publicHandler(request, peer),
    internalHandler: (request, peer = UNKNOWN) => composed.internalHandler(request, peer),
    authenticate: async (token) => {
      const known = token === null ? null : authenticateNow(token)
      if (known !== null) return callerOf(known.whole())
      const outcome = await authenticate(token)
      if (!outcome.ok) return outcome
      return callerOf(outcome.session)
    },
    verify: (token, { acceptLanguage = null } = {}) => {
      const language = preferredLanguage(acceptLanguage)
      return verify(authenticate, token, { requestId: newRequestId(services.random), language })
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

function callerOf(session: StoredSession): Authenticated {
  const { appid, openid, user } = session
  return { ok: true, user: userView(user), session: sessionView(session), appid, openid }
}
