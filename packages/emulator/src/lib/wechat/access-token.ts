import { type Machine, nowMs } from '../machine.ts'
import { randomBase62 } from '../random.ts'
import type { AccessToken, App } from '../state/world.ts'
import { jsonAnswer, type WechatAnswer } from './error-answer.ts'
import { type Refusal, refuse } from './refusal.ts'

/** How long a dead token is told from one that never was. */
const MEMORY_MS = 86_400_000

/** Anything else was never an access_token: WeChat's are such letters, and it asks for room for 512 of them. */
const TOKEN = /^[A-Za-z0-9_-]{1,512}$/

type Family = AccessToken['family']
type Authorized = { ok: true; appid: string; app: App }

function endMs(token: AccessToken): number {
  return Math.min(token.expiresAtMs, token.replacedAtMs ?? Number.POSITIVE_INFINITY)
}

function overlapMs(machine: Machine): number {
  const { accessTokenOverlapSeconds, accessTokenLifetimeSeconds } = machine.world.settings
  return Math.min(accessTokenOverlapSeconds, accessTokenLifetimeSeconds / 2) * 1000
}

function forgetOldTokens(machine: Machine): void {
  const { accessTokens } = machine.world
  for (const token of accessTokens.values()) {
    if (endMs(token) + MEMORY_MS <= nowMs(machine)) accessTokens.delete(token.token)
  }
}

function newestOf(machine: Machine, appid: string, family: Family): AccessToken | undefined {
  const all = [...machine.world.accessTokens.values()]
  return all.filter((token) => token.appid === appid && token.family === family).at(-1)
}

/**
 * The stable token that goes on being handed out; undefined where it is time for a new one. WeChat replaces it five
 * minutes before its end, so that whoever gets one has at least that long.
 */
export function stableToken(machine: Machine, appid: string): AccessToken | undefined {
  const newest = newestOf(machine, appid, 'stable')
  return newest && newest.expiresAtMs - nowMs(machine) >= overlapMs(machine) ? newest : undefined
}

/**
 * A new access_token. The one before it in its family works on for the overlap, or not at all.
 *
 * @see https://developers.weixin.qq.com/minigame/dev/api-backend/open-api/access-token/auth.getAccessToken.html
 */
export function issueToken(
  machine: Machine,
  appid: string,
  family: Family,
  old: 'overlaps' | 'diesNow' = 'overlaps',
): AccessToken {
  const createdAtMs = nowMs(machine)
  forgetOldTokens(machine)
  const graceMs = old === 'diesNow' ? 0 : overlapMs(machine)
  for (const before of machine.world.accessTokens.values()) {
    if (before.appid !== appid || before.family !== family) continue
    before.replacedAtMs = Math.min(before.replacedAtMs ?? Number.POSITIVE_INFINITY, createdAtMs + graceMs)
  }
  const token = `${10 + ((machine.random.bytes(1)[0] ?? 0) % 90)}_${randomBase62(machine.random, 133)}`
  const expiresAtMs = createdAtMs + machine.world.settings.accessTokenLifetimeSeconds * 1000
  const issued: AccessToken = { token, appid, family, createdAtMs, expiresAtMs }
  machine.world.accessTokens.set(token, issued)
  machine.conversation.issued('access_token', token)
  return issued
}

/** The token with the seconds that it has left. One that was made a moment ago has all of them. */
export function tokenAnswer(machine: Machine, { token, appid, expiresAtMs }: AccessToken): WechatAnswer {
  const expires_in = Math.ceil((expiresAtMs - nowMs(machine)) / 1000)
  return jsonAnswer(machine, { access_token: token, expires_in }, { appid })
}

/** Whose call is it? 42001 where the token's time was over, 40001 where a newer one ended it, or nobody issued it. */
export function judgeAccessToken(machine: Machine, query: URLSearchParams): Authorized | Refusal {
  const text = query.get('access_token')
  if (!text) return refuse(41001)
  if (!TOKEN.test(text)) return refuse(40014)
  const token = machine.world.accessTokens.get(text)
  const app = token && machine.world.apps.get(token.appid)
  if (!token || !app) return refuse(40001)
  if (nowMs(machine) >= endMs(token)) return refuse(endMs(token) < token.expiresAtMs ? 40001 : 42001)
  if (app.frozen) return refuse(50007)
  return { ok: true, appid: token.appid, app }
}
