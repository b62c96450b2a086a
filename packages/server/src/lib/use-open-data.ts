import { createHash } from 'node:crypto'
import { keysOf } from './identity/key-ring.ts'
import type { StoredSession } from './records.ts'
import { createRefusalLog } from './refusal-log.ts'
import type { Secret } from './secret.ts'
import { newEvent, type Origin, type Services } from './services.ts'
import {
  type Ciphertext,
  isSignedBy,
  type OpenUserInfo,
  openUserInfo,
  parseRawUserInfo,
} from './wechat/open-data.ts'

/** Longer than a watermark counts as fresh on either side, so forgetting a use cannot make a second one possible. */
const REMEMBER_USE_MS = 900_000

/** What the client got from WeChat; at least one of the two. */
export interface OpenDataInput {
  readonly encrypted: Ciphertext | null
  readonly signed: { readonly rawData: string; readonly signature: string } | null
}

export type OpenDataResult =
  | {
      readonly ok: true
      readonly userInfo: OpenUserInfo
      /** `encryptedData` has none (CBC without MAC): names and pictures, nothing to build rights on. */
      readonly integrity: 'signature' | 'none'
    }
  | { readonly ok: false; readonly code: 'session_key_stale' | 'conflict' }

export type UseOpenData = (
  caller: StoredSession,
  input: OpenDataInput,
  origin: Origin,
) => Promise<OpenDataResult>

/**
 * Checks data that WeChat encrypted or signed for the caller, with the kept session_keys from newest to oldest.
 * Encrypted data works once. Whatever fails in it fails alike: `session_key_stale`.
 */
export function createUseOpenData(services: Services): UseOpenData {
  const noteRefusal = createRefusalLog(services)

  return async function useOpenData(caller, input, origin) {
    const { platform, appid, openid } = caller
    const identity = await services.store.findIdentity({ platform, appid, openid })
    const keys = identity === null ? [] : keysOf(identity.keyRing, identity, services.vault)
    const opened = openWith(keys, caller, input)
    if (opened === null) return refuse(caller, origin)
    const isFirstUse = input.encrypted === null || (await rememberUse(caller, input.encrypted, origin))
    services.telemetry.count('open_data', { app: appid, outcome: isFirstUse ? 'ok' : 'conflict' })
    if (isFirstUse) return { ok: true, ...opened }
    await services.store.appendEvents([event(caller, origin, 'open_data.replayed')])
    return { ok: false, code: 'conflict' }
  }

  function openWith(
    keys: readonly Secret[],
    caller: StoredSession,
    input: OpenDataInput,
  ): { userInfo: OpenUserInfo; integrity: 'signature' | 'none' } | null {
    const { encrypted, signed } = input
    const owner = { appid: caller.appid, openid: caller.openid, nowMs: services.clock.nowMs() }
    const decrypted = encrypted && firstOf(keys, (key) => openUserInfo(key, encrypted, owner))
    const isSigned = signed !== null && keys.some((key) => isSignedBy(key, signed.rawData, signed.signature))
    if ((encrypted && !decrypted) || (signed && !isSigned)) return null
    const userInfo = signed === null ? decrypted : parseRawUserInfo(signed.rawData)
    return userInfo ? { userInfo, integrity: signed === null ? 'none' : 'signature' } : null
  }

  async function rememberUse(
    caller: StoredSession,
    { iv, data }: Ciphertext,
    origin: Origin,
  ): Promise<boolean> {
    const hash = createHash('sha256').update(`${caller.appid} `, 'utf8').update(iv).update(data).digest()
    const outcome = await services.store.useOpenData({
      hash,
      forgetAfterMs: services.clock.nowMs() + REMEMBER_USE_MS,
      events: [event(caller, origin, 'open_data.opened')],
    })
    return outcome === 'used'
  }

  function refuse(caller: StoredSession, origin: Origin): OpenDataResult {
    const code = 'session_key_stale'
    services.telemetry.count('open_data', { app: caller.appid, outcome: code })
    noteRefusal(origin, { type: 'open_data.refused', appid: caller.appid, code, errcode: null, rid: null })
    return { ok: false, code }
  }

  function event(caller: StoredSession, origin: Origin, type: 'open_data.opened' | 'open_data.replayed') {
    const { appid, userId, selector } = caller
    return newEvent(services, origin, type, { appid, userId, selector, facts: { kind: 'userInfo' } })
  }
}

function firstOf<T>(keys: readonly Secret[], open: (key: Secret) => T | null): T | null {
  for (const key of keys) {
    const opened = open(key)
    if (opened !== null) return opened
  }
  return null
}
