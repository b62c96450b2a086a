import { z } from 'zod'
import { appidSchema, appSchema, parse, userIdSchema, userSchema } from './schemas.ts'
import { type SettingsPatch, settingsPatchSchema, withSettings } from './settings.ts'
import {
  type AccessToken,
  type App,
  emptyWorld,
  joinKey,
  type PhoneCode,
  type User,
  type World,
} from './world.ts'

/** A pair's session_key as it is saved. */
export interface SavedSessionKey {
  appid: string
  user: string
  sessionKey: string
  createdAtMs: number
  renewedAtMs: number
}

export interface SavedCode {
  code: string
  appid: string
  user: string
  createdAtMs: number
  usedAtMs?: number | undefined
  sessionKey: string
}

/** What a state file holds. Everything may be left out; a hand-written seed is often just `apps` and `users`. */
export interface EmulatorState {
  version?: 1 | undefined
  /** What openids and unionids are derived from. */
  seed?: string | undefined
  clockOffsetMs?: number | undefined
  settings?: SettingsPatch | undefined
  apps?: Record<string, App> | undefined
  users?: Record<string, User> | undefined
  codes?: SavedCode[] | undefined
  sessionKeys?: SavedSessionKey[] | undefined
  /** The key of the last code that a device fetched. */
  devices?: { appid: string; user: string; device: string; sessionKey: string }[] | undefined
  accessTokens?: AccessToken[] | undefined
  phoneCodes?: PhoneCode[] | undefined
}

/** A century: what a state file and the clock route allow. */
export const CLOCK_OFFSET_LIMIT_MS = 3_153_600_000_000

const atMs = z.number().min(0).max(8_640_000_000_000_000)
const key = z.string().max(256)
const owner = { appid: appidSchema, user: userIdSchema }

export const stateSchema = z.strictObject({
  version: z.literal(1).optional(),
  seed: z.string().min(1).max(256).optional(),
  clockOffsetMs: z.number().min(0).max(CLOCK_OFFSET_LIMIT_MS).optional(),
  settings: settingsPatchSchema.optional(),
  apps: z.record(appidSchema, appSchema).optional(),
  users: z.record(userIdSchema, userSchema).optional(),
  codes: z
    .array(
      z.strictObject({
        code: key,
        ...owner,
        createdAtMs: atMs,
        usedAtMs: atMs.optional(),
        sessionKey: key,
      }),
    )
    .optional(),
  sessionKeys: z
    .array(z.strictObject({ ...owner, sessionKey: key, createdAtMs: atMs, renewedAtMs: atMs }))
    .optional(),
  devices: z.array(z.strictObject({ ...owner, device: userIdSchema, sessionKey: key })).optional(),
  accessTokens: z
    .array(
      z.strictObject({
        token: z.string().min(1).max(512),
        appid: appidSchema,
        family: z.enum(['plain', 'stable']),
        createdAtMs: atMs,
        expiresAtMs: atMs,
        replacedAtMs: atMs.optional(),
      }),
    )
    .optional(),
  phoneCodes: z
    .array(z.strictObject({ code: key, ...owner, createdAtMs: atMs, usedAtMs: atMs.optional() }))
    .optional(),
})

/** Everything but faults, calls and quotas, as plain data. It holds app secrets, session_keys and access_tokens. */
export function exportState(world: World): EmulatorState {
  const sessionKeys = [...world.sessionKeys].map(([joined, value]) => ({ ...ownerOf(joined), ...value }))
  const devices = [...world.lastKeyOfDevice].map(([joined, sessionKey]) => ({
    ...ownerOf(joined),
    device: joined.split('\n')[2] ?? '',
    sessionKey,
  }))
  const state: EmulatorState = {
    version: 1,
    seed: world.idSeed,
    clockOffsetMs: world.clockOffsetMs,
    settings: world.settings,
    apps: Object.fromEntries(world.apps),
    users: Object.fromEntries(world.users),
    codes: [...world.codes.values()],
    sessionKeys,
    devices,
    accessTokens: [...world.accessTokens.values()],
    phoneCodes: [...world.phoneCodes.values()],
  }
  return structuredClone(state)
}

function ownerOf(joined: string): { appid: string; user: string } {
  const [appid = '', user = ''] = joined.split('\n')
  return { appid, user }
}

/**
 * The world that a state describes. What the state leaves out is empty or default; the seed falls back to the given one.
 *
 * @throws {InputError} naming the field that does not fit
 */
export function importState(input: unknown, idSeed: string): World {
  const state: EmulatorState = parse(
    stateSchema,
    input,
    '{"apps":{"wx…":{"secret":"…"}},"users":{"alice":{}}}',
  )
  const copy = structuredClone(state)
  const world = emptyWorld(copy.seed ?? idSeed)
  world.clockOffsetMs = copy.clockOffsetMs ?? 0
  world.settings = withSettings(world.settings, copy.settings ?? {})
  world.apps = new Map(Object.entries(copy.apps ?? {}))
  world.users = new Map(Object.entries(copy.users ?? {}))
  for (const code of copy.codes ?? []) world.codes.set(code.code, code)
  for (const code of copy.phoneCodes ?? []) world.phoneCodes.set(code.code, code)
  for (const token of copy.accessTokens ?? []) world.accessTokens.set(token.token, token)
  for (const { appid, user, ...saved } of copy.sessionKeys ?? []) {
    world.sessionKeys.set(joinKey(appid, user), saved)
  }
  for (const { appid, user, device, sessionKey } of copy.devices ?? []) {
    world.lastKeyOfDevice.set(joinKey(appid, user, device), sessionKey)
  }
  return world
}
