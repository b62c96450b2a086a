import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ERROR_CODES, StoreUnavailableError, YaopaiError } from './errors.ts'

/** The contract's table: code, status, class. */
const TABLE = `
invalid_request 400 input
unknown_app 400 config
app_mismatch 400 config
missing_token 401 relogin
invalid_token 401 relogin
expired 401 relogin
idle_timeout 401 relogin
replaced 401 relogin
logged_out 401 signed_out
revoked_by_user 401 signed_out
revoked_by_admin 401 signed_out
reuse_detected 401 signed_out
user_deleted 401 signed_out
code_invalid 401 relogin
code_used 401 relogin
login_blocked 403 denied
banned 403 denied
app_disabled 403 denied
insufficient_scope 403 denied
reauth_required 403 relogin
not_found 404 input
method_not_allowed 405 input
payload_too_large 413 input
unsupported_media_type 415 input
conflict 409 input
session_key_stale 422 relogin
rate_limited 429 retry
wechat_unavailable 503 retry
wechat_quota 503 retry
wechat_misconfigured 502 config
store_unavailable 503 retry
internal 500 retry`

test('every code has the status and the class of the contract, and there is no other code', () => {
  const promised = TABLE.trim().split('\n').sort()
  const actual = Object.entries(ERROR_CODES).map(([code, row]) => `${code} ${row.status} ${row.class}`)
  assert.deepEqual(actual.sort(), promised)
})

test('every code has a title in both languages and no two the same', () => {
  const rows = Object.values(ERROR_CODES)
  for (const { title, titleZh } of rows) {
    assert.match(title, /^[A-Z][^.]+$/)
    assert.match(titleZh, /\p{Script=Han}/u)
  }
  assert.equal(new Set(rows.map(({ title }) => title)).size, rows.length)
})

test('an error says its detail, or its title where it has none', () => {
  const cause = new Error('disk')
  const detailed = new YaopaiError('invalid_request', { detail: 'code is too long', field: 'code' })
  assert.equal(detailed.message, 'code is too long')
  assert.equal(detailed.field, 'code')
  assert.equal(new YaopaiError('banned').message, ERROR_CODES.banned.title)
  const store = new StoreUnavailableError(cause)
  assert.equal(store.code, 'store_unavailable')
  assert.equal(store.retryAfterSeconds, 1)
  assert.equal(store.cause, cause)
  assert.ok(store instanceof YaopaiError)
})
