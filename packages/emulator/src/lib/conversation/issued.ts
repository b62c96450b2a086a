import type { World } from '../state/world.ts'
import type { SecretKind } from './secrets.ts'

/** All that WeChat has given out or shares with a server: what opens something. */
export function* issuedBy(world: World): Generator<readonly [SecretKind, string]> {
  for (const { secret } of world.apps.values()) yield ['AppSecret', secret]
  for (const { code, sessionKey } of world.codes.values()) {
    yield ['code', code]
    yield ['session_key', sessionKey]
  }
  for (const { code } of world.phoneCodes.values()) yield ['code', code]
  for (const { sessionKey } of world.sessionKeys.values()) yield ['session_key', sessionKey]
  for (const sessionKey of world.lastKeyOfDevice.values()) yield ['session_key', sessionKey]
  for (const { token } of world.accessTokens.values()) yield ['access_token', token]
}
