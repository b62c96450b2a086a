import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '../../clock.ts'
import {
  NOW_MS,
  samplePromotion,
  sampleRenewal,
  sampleSelector,
  sampleTokenHash,
  sampleUserId,
} from '../contract/samples.ts'
import { loadDriver } from './driver.ts'
import { migrate, readMigrations } from './migrate.ts'
import { openTestStore, testFile } from './testing/open-test-store.ts'

/** A file as the version left it that knew the first migration alone, with one session. */
function firstBook(file: string): void {
  const db = loadDriver().open(file)
  migrate(db, file, { migrations: readMigrations().slice(0, 1), clock: systemClock })
  db.prepare('INSERT INTO users VALUES (?, NULL, NULL, NULL, ?, NULL, NULL)').run(sampleUserId(1), NOW_MS)
  db.prepare(
    `INSERT INTO sessions VALUES (?, ?, ?, 'wechat', 'wx1', 'openid-1', NULL, ?, 60, ?, ?, NULL, NULL)`,
  ).run(sampleSelector(1), sampleTokenHash(1, 0), sampleUserId(1), NOW_MS, NOW_MS + 9_999, NOW_MS + 9_999)
  db.close()
}

test('a session from before there was renewal lives on, and can be renewed', async (t) => {
  const file = testFile(t)
  firstBook(file)
  const store = await openTestStore(t, { file })
  const found = await store.findSession(sampleSelector(1))
  assert.deepEqual([found?.openid, found?.pending, found?.renewals], ['openid-1', null, 0])
  assert.equal(await store.startRenewal(sampleRenewal(1)), true)
  assert.equal(await store.promoteToken(samplePromotion(1)), true)
  assert.notEqual(await store.findRetiredToken(sampleSelector(1), sampleTokenHash(1, 0)), null)
})
