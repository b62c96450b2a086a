import assert from 'node:assert/strict'
import { mkdirSync, openSync, readdirSync, readFileSync, statSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import process from 'node:process'
import { test } from 'node:test'
import { firstLogin, queryOf, sampleSelector, sampleUserId } from '../contract/samples.ts'
import { DatabaseError } from '../database-error.ts'
import { BackupTargetError, backupSqlite } from './backup.ts'
import { openTestStore, testFile } from './testing/open-test-store.ts'
import { sqliteError, wrappedDriver } from './testing/wrapped-driver.ts'

test('a backup made beside a running server holds one moment of the book, and can be opened as the book', async (t) => {
  const file = testFile(t)
  const toFile = join(dirname(testFile(t)), 'copies', 'copy.db')
  mkdirSync(dirname(toFile))
  const store = await openTestStore(t, { file })
  for (let n = 1; n <= 20; n += 1) await store.recordLogin(firstLogin(n))
  const later = [21, 22].map((n) => store.recordLogin(firstLogin(n)))
  const { bytes } = await backupSqlite({ file, toFile })
  await Promise.all(later)
  assert.equal(bytes, statSync(toFile).size)
  assert.deepEqual(readdirSync(dirname(toFile)), ['copy.db'])
  if (process.platform !== 'win32') assert.equal(statSync(toFile).mode & 0o777, 0o600)
  const copy = await openTestStore(t, { file: toFile })
  for (let n = 1; n <= 20; n += 1) assert.notEqual(await copy.findSession(sampleSelector(n)), null)
  const parts = [await copy.findSession(sampleSelector(21)), await copy.findIdentity(queryOf(21))]
  assert.equal(new Set(parts.map((part) => part === null)).size, 1)
  assert.equal(await copy.recordLogin(firstLogin(30)), 'recorded')
})

test('a backup overwrites nothing, copies nothing that is not there, and leaves no half file', async (t) => {
  const file = testFile(t)
  const store = await openTestStore(t, { file })
  await store.recordLogin(firstLogin(1))
  const toFile = join(dirname(file), 'copy.db')
  await backupSqlite({ file, toFile })
  const before = readFileSync(toFile)
  await assert.rejects(backupSqlite({ file, toFile }), /is there already: name another one/)
  assert.ok(before.equals(readFileSync(toFile)))
  const missing = join(dirname(file), 'missing.db')
  await assert.rejects(backupSqlite({ file: missing, toFile: `${toFile}2` }), /There is no database/)
  assert.deepEqual(
    readdirSync(dirname(file)).filter((name) => name.includes('partial') || name.includes('missing')),
    [],
  )
})

test('a backup makes no folder: a missing one, and a file in its place, are told with the cure', async (t) => {
  const file = testFile(t)
  await openTestStore(t, { file })
  const folder = join(dirname(file), 'misspelt')
  const isTarget = (message: RegExp) => (error: unknown) =>
    error instanceof BackupTargetError && message.test(error.message)
  const missing = backupSqlite({ file, toFile: join(folder, 'copy.db') })
  await assert.rejects(missing, isTarget(/^There is no folder .*misspelt: make it first/))
  assert.ok(!readdirSync(dirname(file)).includes('misspelt'))
  const inFile = backupSqlite({ file, toFile: join(file, 'copy.db') })
  await assert.rejects(inFile, isTarget(/copy\.db cannot be written, a file stands where a folder is needed/))
})

test('a disk that is too full for the copy is told as that of the backup, not of the database', async (t) => {
  const file = testFile(t)
  await openTestStore(t, { file })
  const toFile = join(dirname(file), 'copy.db')
  const driver = wrappedDriver((sql) => {
    if (sql.startsWith('VACUUM')) throw sqliteError(13, 'database or disk is full')
  })
  await assert.rejects(backupSqlite({ file, toFile, driver }), (error) => {
    assert.ok(error instanceof BackupTargetError)
    assert.match(error.message, /^The backup .*copy\.db cannot be written, the disk under it is full: free/)
    return true
  })
  assert.ok(!readdirSync(dirname(file)).some((name) => name.startsWith('copy')))
})

test('of a damaged database no backup is made that looks sound', async (t) => {
  const file = testFile(t)
  const store = await openTestStore(t, { file })
  for (let n = 1; n <= 200; n += 1) await store.recordLogin(firstLogin(n))
  await store.close()
  const toFile = join(dirname(file), 'copy.db')
  tear(file)
  await assert.rejects(backupSqlite({ file, toFile }), (error) => {
    assert.ok(error instanceof DatabaseError)
    assert.equal(error.exitCode, 65)
    return true
  })
  assert.ok(!readdirSync(dirname(file)).some((name) => name.startsWith('copy')))
  assert.ok(sampleUserId(1))
})

/** Overwrites the middle of the file, page headers included. */
function tear(file: string): void {
  const descriptor = openSync(file, 'r+')
  const { size } = statSync(file)
  for (let at = 8_192; at < size; at += 4_096) writeSync(descriptor, Buffer.alloc(64, 0xa5), 0, 64, at)
}
