import assert from 'node:assert/strict'
import fs, { chownSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { dirname, join } from 'node:path'
import process from 'node:process'
import { type TestContext, test } from 'node:test'
import { firstLogin, NOW_MS, sampleSelector } from '../contract/samples.ts'
import { DatabaseError } from '../database-error.ts'
import { backupSqlite } from './backup.ts'
import { loadDriver } from './driver.ts'
import { restoreSqlite } from './restore.ts'
import { openTestStore, testFile } from './testing/open-test-store.ts'

const clock = { nowMs: () => NOW_MS + 1_000 }

/** Two logins, a backup, then one more login. The server is stopped. */
async function bookAndBackup(t: TestContext): Promise<{ file: string; backup: string }> {
  const file = testFile(t)
  const backup = join(dirname(file), 'backup.db')
  const store = await openTestStore(t, { file })
  for (const n of [1, 2]) await store.recordLogin(firstLogin(n))
  await backupSqlite({ file, toFile: backup })
  await store.recordLogin(firstLogin(3))
  await store.close()
  return { file, backup }
}

test('[R30] what lived in the backup is ended when it is put in place, and the book before is kept', async (t) => {
  const { file, backup } = await bookAndBackup(t)
  const bytes = readFileSync(backup)
  const { ended, before } = await restoreSqlite({ file, backup, endsSessions: true, clock })
  assert.equal(ended, 2)
  assert.ok(bytes.equals(readFileSync(backup)))
  if (process.platform !== 'win32') assert.equal(statSync(file).mode & 0o777, 0o600)
  const store = await openTestStore(t, { file })
  for (const n of [1, 2]) {
    const session = await store.findSession(sampleSelector(n))
    assert.deepEqual([session?.endReason, session?.endedAtMs], ['revoked_by_admin', clock.nowMs()])
  }
  assert.equal(await store.findSession(sampleSelector(3)), null)
  assert.equal((await store.listChanges({ afterSeq: 0, limit: 9 })).length, 2)
  assert.equal(await store.recordLogin(firstLogin(4)), 'recorded')
  const old = await openTestStore(t, { file: before ?? '' })
  assert.equal((await old.findSession(sampleSelector(3)))?.endReason, null)
})

test('[R30] a clock that is months ahead at the restore lets no session live on when it is put right', async (t) => {
  const { file, backup } = await bookAndBackup(t)
  const ahead = { nowMs: () => NOW_MS + 90 * 86_400_000 }
  assert.equal((await restoreSqlite({ file, backup, endsSessions: true, clock: ahead })).ended, 2)
  const store = await openTestStore(t, { file, clock })
  for (const n of [1, 2])
    assert.equal((await store.findSession(sampleSelector(n)))?.endReason, 'revoked_by_admin')
})

test('[R30] who knows that nothing was revoked may keep the sessions', async (t) => {
  const { file, backup } = await bookAndBackup(t)
  assert.equal((await restoreSqlite({ file, backup, endsSessions: false, clock })).ended, 0)
  const store = await openTestStore(t, { file })
  assert.equal((await store.findSession(sampleSelector(1)))?.endReason, null)
})

test('a whole book that a killed restore left behind is not there after the next one', async (t) => {
  const { file, backup } = await bookAndBackup(t)
  for (const end of ['', '-wal', '-shm']) writeFileSync(`${file}.restoring${end}`, 'a part of it')
  await restoreSqlite({ file, backup, endsSessions: true, clock })
  const store = await openTestStore(t, { file })
  assert.notEqual(await store.findSession(sampleSelector(1)), null)
  assert.deepEqual(
    readdirSync(dirname(file)).filter((name) => name.includes('restoring')),
    [],
  )
})

test('what root restores is the server’s to open', {
  ...(process.getuid?.() === 0 ? {} : { skip: 'needs root' }),
}, async (t) => {
  const { backup } = await bookAndBackup(t)
  const file = testFile(t)
  chownSync(dirname(file), 4711, 4712)
  await restoreSqlite({ file, backup, endsSessions: true, clock })
  for (const made of [file, `${file}-lock`]) {
    const { uid, gid } = statSync(made)
    assert.deepEqual([uid, gid], [4711, 4712], made)
  }
})

test('a restore needs no book in the place, and brings one that is damaged away', async (t) => {
  const { backup } = await bookAndBackup(t)
  const empty = testFile(t)
  assert.equal((await restoreSqlite({ file: empty, backup, endsSessions: true, clock })).before, null)
  const damaged = testFile(t)
  writeFileSync(damaged, 'no database any more '.repeat(500))
  const { before } = await restoreSqlite({ file: damaged, backup, endsSessions: true, clock })
  assert.match(readFileSync(before ?? '', 'utf8'), /^no database/)
  await (await openTestStore(t, { file: damaged })).check()
})

test('nothing changes where the backup is missing, damaged or the book itself, or a server runs', async (t) => {
  const { file, backup } = await bookAndBackup(t)
  const bad = join(dirname(file), 'bad.db')
  writeFileSync(bad, 'no database '.repeat(500))
  const foreign = join(dirname(file), 'shop.db')
  loadDriver().open(foreign).exec('CREATE TABLE orders (id INTEGER) STRICT')
  const before = readFileSync(file)
  const cases: [backup: string, exitCode: number, message: RegExp][] = [
    [join(dirname(file), 'missing.db'), 78, /There is no backup .*missing\.db/],
    [bad, 65, /bad\.db is damaged/],
    [foreign, 78, /shop\.db is no book of Yaopai's/],
    [file, 78, /is the database itself/],
  ]
  for (const [from, exitCode, message] of cases) await refused({ file, backup: from }, exitCode, message)
  const server = await openTestStore(t, { file })
  await refused({ file, backup }, 78, /Another server runs/)
  await server.close()
  assert.ok(before.equals(readFileSync(file)))
  assert.deepEqual(
    readdirSync(dirname(file)).filter((name) => name.includes('restor')),
    [],
  )
})

test('a server is found by whatever name of its file, and a link leads to the new book as before', async (t) => {
  if (process.platform === 'win32') return
  const { file, backup } = await bookAndBackup(t)
  const link = join(dirname(file), 'link.db')
  symlinkSync(file, link)
  const server = await openTestStore(t, { file })
  await refused({ file: link, backup }, 78, /Another server runs/)
  await server.close()
  await restoreSqlite({ file: link, backup, endsSessions: true, clock })
  const store = await openTestStore(t, { file })
  assert.equal(await store.findSession(sampleSelector(3)), null)
})

test('[R30] a restore that dies at its last step leaves the book before in its place', async (t) => {
  const { file, backup } = await bookAndBackup(t)
  const { renameSync } = fs
  t.mock.method(fs, 'renameSync', (from: string, to: string) => {
    if (to === file) throw new Error('killed')
    renameSync(from, to)
  })
  syncBuiltinESMExports()
  try {
    await assert.rejects(restoreSqlite({ file, backup, endsSessions: true, clock }), /killed/)
  } finally {
    t.mock.restoreAll()
    syncBuiltinESMExports()
  }
  const store = await openTestStore(t, { file })
  assert.equal((await store.findSession(sampleSelector(3)))?.endReason, null)
})

test('what stands in a log beside the file that is restored is in the new book as well', async (t) => {
  const { file, backup } = await bookAndBackup(t)
  const raw = loadDriver().open(backup)
  raw.exec(`PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; UPDATE users SET nickname = 'newest'`)
  await restoreSqlite({ file, backup, endsSessions: true, clock })
  raw.close()
  const store = await openTestStore(t, { file })
  assert.equal((await store.findSession(sampleSelector(1)))?.user.nickname, 'newest')
})

async function refused(
  paths: { file: string; backup: string },
  exitCode: number,
  message: RegExp,
): Promise<void> {
  await assert.rejects(restoreSqlite({ ...paths, endsSessions: true, clock }), (error) => {
    assert.ok(error instanceof DatabaseError, String(error))
    assert.equal(error.exitCode, exitCode, error.message)
    assert.match(error.message, message)
    return true
  })
}
