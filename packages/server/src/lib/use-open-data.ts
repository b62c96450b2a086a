import { createHash } from 'node:crypto'
import type { EventRecord } from './events.ts'
import { keysOf } from './identity/key-ring.ts'
import type { StoredSession } from './records.ts'
import { createRefusalLog } from './refusal-log.ts'
import type { Secret } from './secret.ts'
import { newEvent, type Origin, type Services } from './services.ts'
import {
  type Ciphertext,
  isSignedBy,
  type OpenDataOwner,
  type OpenUserInfo,
  openUserInfo,
  parseCiphertext,
  parseRawUserInfo,
} from './wechat/open-data.ts'

/** Longer than a watermark counts as fresh on either side, so forgetting a use cannot make a second one possible. */
const REMEMBER_USE_MS = 900_000

/** What the client got from WeChat; at least one of the two. */
export interface OpenDataInput {
  /** Both base64, as WeChat gave them. */
  readonly encrypted: { readonly encryptedData: string; readonly iv: string } | null
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
  return async (caller, input, origin) => {
    const result = await useOpenData(services, caller, input, origin)
    const { appid } = caller
    services.telemetry.count('open_data', { app: appid, outcome: result.ok ? 'ok' : result.code })
    if (!result.ok && result.code === 'session_key_stale') {
      noteRefusal(origin, { type: 'open_data.refused', appid, code: result.code, errcode: null, rid: null })
    }
    return result
  }
}

async function useOpenData(
  services: Services,
  caller: StoredSession,
  input: OpenDataInput,
  origin: Origin,
): Promise<OpenDataResult> {
  const encrypted = input.encrypted && parseCiphertext(input.encrypted.encryptedData, input.encrypted.iv)
  // No whole blocks: that needs no key to see, and is answered as any other data that no key opens.
  if (encrypted === null && input.encrypted !== null) return { ok: false, code: 'session_key_stale' }
  const { platform, appid, openid } = caller
  const identity = await services.store.findIdentity({ platform, appid, openid })
  const keys = identity === null ? [] : keysOf(identity.keyRing, identity, services.vault)
  const opened = openWith(
    keys,
    { appid, openid, nowMs: services.clock.nowMs() },
    { encrypted, signed: input.signed },
  )
  if (opened === null) return { ok: false, code: 'session_key_stale' }
  if (encrypted === null) return { ok: true, ...opened }
  const isFirstUse = await rememberUse(services, caller, encrypted, origin)
  if (isFirstUse) return { ok: true, ...opened }
  await services.store.appendEvents([eventOf(services, caller, origin, 'open_data.replayed')])
  return { ok: false, code: 'conflict' }
}

type Opened = Omit<Extract<OpenDataResult, { ok: true }>, 'ok'>

interface ParsedInput {
  readonly encrypted: Ciphertext | null
  readonly signed: OpenDataInput['signed']
}

function openWith(
  keys: readonly Secret[],
  owner: OpenDataOwner,
  { encrypted, signed }: ParsedInput,
): Opened | null {
  const decrypted = encrypted && firstOf(keys, (key) => openUserInfo(key, encrypted, owner))
  if (encrypted !== null && decrypted === null) return null
  if (signed === null) return decrypted && { userInfo: decrypted, integrity: 'none' }
  const isSigned = keys.some((key) => isSignedBy(key, signed.rawData, signed.signature))
  const userInfo = isSigned ? parseRawUserInfo(signed.rawData) : null
  return userInfo && { userInfo, integrity: 'signature' }
}

async function rememberUse(
  services: Services,
  caller: StoredSession,
  { iv, data }: Ciphertext,
  origin: Origin,
): Promise<boolean> {
  const hash = createHash('sha256').update(`${caller.appid} `, 'utf8').update(iv).update(data).digest()
  const outcome = await services.store.useOpenData({
    hash,
    forgetAfterMs: services.clock.nowMs() + REMEMBER_USE_MS,
    events: [eventOf(services, caller, origin, 'open_data.opened')],
  })
  return outcome === 'used'
}

function eventOf(
  services: Services,
  { appid, userId, selector }: StoredSession,
  origin: Origin,
  type: 'open_data.opened' | 'open_data.replayed',
): EventRecord {
  return newEvent(services, origin, type, { appid, userId, selector, facts: { kind: 'userInfo' } })
}

function firstOf<T>(keys: readonly Secret[], open: (key: Secret) => T | null): T | null {
  for (const key of keys) {
    const opened = open(key)
    if (opened !== null) return opened
  }
  return null
}
