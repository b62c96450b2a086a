import assert from 'node:assert/strict'
import test from 'node:test'
import { ERROR_CODES } from '../../server/src/lib/errors.ts'
import type * as server from '../../server/src/protocol.ts'
import type * as client from './wire.ts'

// True where each type fits the other, down to `readonly` and optional members; else the compiler refuses the line.
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false

const sameTypes: readonly true[] = [
  true satisfies Same<client.ErrorClass, server.ErrorClass>,
  true satisfies Same<client.ErrorCode, server.ErrorCode>,
  true satisfies Same<client.DeviceView, server.DeviceView>,
  true satisfies Same<client.SessionView, server.SessionView>,
  true satisfies Same<client.UserView, server.UserView>,
]

// Typed so that it has every code of the client's, and no other.
const clientCodes: Record<client.ErrorCode, client.ErrorClass> = {
  invalid_request: 'input',
  unknown_app: 'config',
  app_mismatch: 'config',
  missing_token: 'relogin',
  invalid_token: 'relogin',
  expired: 'relogin',
  idle_timeout: 'relogin',
  replaced: 'relogin',
  logged_out: 'signed_out',
  revoked_by_user: 'signed_out',
  revoked_by_admin: 'signed_out',
  reuse_detected: 'signed_out',
  user_deleted: 'signed_out',
  code_invalid: 'relogin',
  code_used: 'relogin',
  login_blocked: 'denied',
  banned: 'denied',
  app_disabled: 'denied',
  insufficient_scope: 'denied',
  reauth_required: 'relogin',
  not_found: 'input',
  method_not_allowed: 'input',
  conflict: 'input',
  payload_too_large: 'input',
  unsupported_media_type: 'input',
  session_key_stale: 'relogin',
  rate_limited: 'retry',
  internal: 'retry',
  wechat_misconfigured: 'config',
  wechat_unavailable: 'retry',
  wechat_quota: 'retry',
  store_unavailable: 'retry',
}

test('[F65] the types of the wire are those of the server, code by code', () => {
  const serverCodes = Object.entries(ERROR_CODES).map(([code, row]) => [code, row.class])
  assert.deepEqual(Object.entries(clientCodes).sort(), serverCodes.sort())
  assert.equal(sameTypes.length, 5)
})
