import { hash } from 'node:crypto'
import type { AppConfig } from './config.ts'
import { type LoginRefusal, StoreUnavailableError } from './errors.ts'
import { createKeyedQueue, type KeyedQueue } from './keyed-queue.ts'
import { type Arrived, planLogin } from './plan-login.ts'
import type { DeviceRecord, SessionRecord, UsedCode, UserRecord } from './records.ts'
import { createRefusalLog, type RefusalLog } from './refusal-log.ts'
import { isSameSecret } from './secret.ts'
import { findApp, type Origin, type Services } from './services.ts'
import { judgeSession } from './session/judge.ts'
import { deriveSecret, formatToken, isTokenOf } from './session/token.ts'
import { createExchange, type Exchange, type ExchangeBudget } from './wechat/exchange.ts'

/** How long the same code with the same nonce gets the same answer again. */
export const REPLAY_SECONDS = 60
/** Logins of one identity decide in turn, so only other processes can be in the way. */
const MAX_ATTEMPTS = 10
/** What the development tools hand out instead of a code when they have no real appid. */
const MOCK_CODE = 'the code is a mock one'

export interface LoginRequest {
  readonly appid: string
  readonly code: string
  /** Known to the one client that asks: who brings it along with the code is that client again. */
  readonly nonce: string | null
  readonly device: DeviceRecord
  /** For a user who is made now; later ones change it by themselves. */
  readonly nickname: string | null
  readonly origin: Origin
}

export type LoginResult =
  | {
      readonly ok: true
      readonly token: string
      readonly session: SessionRecord
      readonly user: UserRecord
      readonly isNew: boolean
    }
  | { readonly ok: false; readonly code: LoginRefusal; readonly retryAfterSeconds: number | null }

export type Login = (request: LoginRequest) => Promise<LoginResult>

/** What logins share while they run. */
interface Desk {
  readonly services: Services
  readonly exchange: Exchange
  readonly noteRefusal: RefusalLog
  readonly inTurn: KeyedQueue
  /** One exchange at a time for a code, whoever asks. */
  readonly inFlight: Map<string, Running>
}

interface Running {
  readonly nonce: string | null
  readonly result: Promise<LoginResult>
}

/**
 * A code comes in; WeChat says whose it is; that user gets a session, and the client its token. The answer is
 * given when all of it is durable. A code makes one login, ever; the same code with the same nonce gets that
 * login's answer again, for a minute, without WeChat being asked twice.
 * @param budget what may be asked of WeChat, for all nodes together; default: no bound
 * @throws StoreUnavailableError when the store can do none of it
 */
export function createLogin(services: Services, budget?: ExchangeBudget): Login {
  const desk: Desk = {
    services,
    exchange: createExchange(services, budget),
    noteRefusal: createRefusalLog(services),
    inTurn: createKeyedQueue(),
    inFlight: new Map(),
  }
  return (request) => login(desk, request)
}

async function login(desk: Desk, request: LoginRequest): Promise<LoginResult> {
  const app = findApp(desk.services, request.appid)
  if (app === null) return refuse(desk, request, 'unknown_app')
  if (app.frozen) return refuse(desk, request, 'app_disabled')
  if (isMockCode(desk.services, request)) return loginOnce(desk, app, request)
  const key = `${app.appid} ${request.code}`
  const running = desk.inFlight.get(key)
  if (running !== undefined) return joinRunning(desk, request, running)
  const result = loginOnce(desk, app, request)
  desk.inFlight.set(key, { nonce: request.nonce, result })
  try {
    return await result
  } finally {
    desk.inFlight.delete(key)
  }
}

async function joinRunning(desk: Desk, request: LoginRequest, running: Running): Promise<LoginResult> {
  const result = await running.result
  const isSameClient = isSameNonce(request.nonce, running.nonce)
  return !result.ok || isSameClient ? result : refuseReplay(desk, request)
}

async function loginOnce(desk: Desk, app: AppConfig, request: LoginRequest): Promise<LoginResult> {
  const { store } = desk.services
  const codeHash = codeHashOf(request)
  const used = await store.findCode(codeHash)
  if (used !== null) return answerAgain(desk, request, used)
  const exchanged = await desk.exchange(app, request.code)
  if (exchanged.ok) {
    const wechat = exchanged.session
    const arrived = { app, request, wechat, codeHash: isMockCode(desk.services, request) ? null : codeHash }
    return desk.inTurn(`${app.appid} ${wechat.openid}`, () => record(desk, arrived))
  }
  const usedElsewhere = exchanged.code === 'code_used' ? await store.findCode(codeHash) : null
  if (usedElsewhere !== null) return answerAgain(desk, request, usedElsewhere)
  return refuse(desk, request, exchanged.code, exchanged)
}

async function record(desk: Desk, arrived: Arrived): Promise<LoginResult> {
  const { request } = arrived
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
    const planned = await planLogin(desk.services, arrived)
    if (!planned.ok) return refuse(desk, request, planned.reason)
    const outcome = await desk.services.store.recordLogin(planned.plan)
    if (outcome === 'recorded') return admit(desk, planned.login)
    if (outcome === 'code_used') return refuseReplay(desk, request)
  }
  throw new StoreUnavailableError(new Error(`A login found the store changed ${MAX_ATTEMPTS} times over`))
}

/** The answer of before, made anew: nothing but hashes was kept, so the nonce has to bring the token back. */
async function answerAgain(desk: Desk, request: LoginRequest, used: UsedCode): Promise<LoginResult> {
  const nowMs = desk.services.clock.nowMs()
  const isInTime = nowMs - used.usedAtMs <= REPLAY_SECONDS * 1000
  if (used.seed === null || request.nonce === null || !isInTime) return refuseReplay(desk, request)
  const secret = deriveSecret(used.seed, [request.appid, request.code, request.nonce])
  const token = formatToken('yp1_', used.selector, secret)
  const stored = await desk.services.store.findSession(used.selector)
  if (stored === null || !isTokenOf(token, stored.tokenHash)) return refuseReplay(desk, request)
  const verdict = judgeSession({ ...stored, userBannedAtMs: stored.user.bannedAtMs }, nowMs)
  if (verdict.ok) {
    await desk.services.store.confirm?.()
    return { ok: true, token, session: stored, user: stored.user, isNew: used.isNew }
  }
  return verdict.reason === 'banned' ? refuse(desk, request, 'banned') : refuseReplay(desk, request)
}

function admit(desk: Desk, login: Extract<LoginResult, { ok: true }>): LoginResult {
  desk.services.telemetry.count('logins', { app: login.session.appid, outcome: 'ok' })
  return login
}

function refuseReplay(desk: Desk, request: LoginRequest): LoginResult {
  const { appid, origin } = request
  desk.noteRefusal(origin, {
    type: 'login.code_replayed',
    appid,
    code: 'code_used',
    errcode: null,
    rid: null,
  })
  return countedRefusal(desk, appid, 'code_used', null)
}

function refuse(
  desk: Desk,
  request: LoginRequest,
  code: LoginRefusal,
  detail: { errcode: number | null; rid: string | null; retryAfterSeconds: number | null } = NO_DETAIL,
): LoginResult {
  const appid = code === 'unknown_app' ? 'unknown' : request.appid
  const { errcode, rid } = detail
  desk.noteRefusal(request.origin, { type: 'login.refused', appid, code, errcode, rid })
  return countedRefusal(desk, appid, code, detail.retryAfterSeconds)
}

function countedRefusal(
  desk: Desk,
  app: string,
  code: LoginRefusal,
  retryAfterSeconds: number | null,
): LoginResult {
  desk.services.telemetry.count('logins', { app, outcome: code })
  return { ok: false, code, retryAfterSeconds }
}

/** The mock code is no code: it comes with every login of the development tools, and WeChat knows none such. */
function isMockCode(services: Services, request: LoginRequest): boolean {
  return services.insecureEmulator && request.code === MOCK_CODE
}

const NO_DETAIL = { errcode: null, rid: null, retryAfterSeconds: null }

/** Two clients that both sent no nonce are not therefore the same. */
function isSameNonce(one: string | null, other: string | null): boolean {
  return one !== null && other !== null && isSameSecret(one, other)
}

/** A code belongs to one app, so the hash holds both. Appids have no space. */
function codeHashOf(request: LoginRequest): Buffer {
  return hash('sha256', `${request.appid} ${request.code}`, 'buffer')
}
