import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  firstLogin,
  laterLogin,
  NOW_MS,
  sampleEvent,
  sampleIdentity,
  sampleSession,
} from '../contract/samples.ts'
import type { LoginPlan } from '../store.ts'
import { packLogin, unpackLogin } from './login-fields.ts'

const plans: Readonly<Record<string, LoginPlan>> = {
  'a first one': firstLogin(1, { events: [sampleEvent(1), sampleEvent(2, { facts: {}, userId: null })] }),
  'one with a mock code': firstLogin(1, { code: null }),
  'one without a nonce': firstLogin(1, {
    code: { hash: Uint8Array.of(0, 127, 128, 255), usedAtMs: 1, seed: null, isNew: false, forgetAfterMs: 2 },
  }),
  'one that changes nothing of who it is': laterLogin(2, 1, { seenSelectors: [7, 8, 9] }),
  'one that brings a new key': laterLogin(2, 1, {
    identity: { kind: 'update', record: sampleIdentity(1, { keyRing: ['a', 'b'] }), expectedVersion: 3 },
  }),
  'one in place of others': laterLogin(2, 1, {
    endSessions: [4, 5].map((selector) => ({ selector, reason: 'replaced', atMs: NOW_MS })),
    session: sampleSession(2, {
      device: { id: null, brand: null, model: '手机', platform: null, label: '' },
    }),
  }),
}

for (const [name, plan] of Object.entries(plans)) {
  test(`a login's plan is the same on the other thread: ${name}`, () => {
    const arrived = unpackLogin(structuredClone(packLogin(plan)))
    assert.deepEqual(withPlainBytes(arrived), withPlainBytes(plan))
  })
}

/** Buffers and other views of the same bytes are alike to the store. */
function withPlainBytes({ code, session, ...rest }: LoginPlan) {
  return {
    ...rest,
    code: code && { ...code, hash: [...code.hash], seed: code.seed && [...code.seed] },
    session: { ...session, tokenHash: [...session.tokenHash] },
  }
}
