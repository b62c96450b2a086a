import assert from 'node:assert/strict'
import { existsSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { DatabaseError } from '../database-error.ts'
import { loadDriver } from './driver.ts'
import { reaching } from './files.ts'
import { openTestStore, testFile } from './testing/open-test-store.ts'
import { sqliteError } from './testing/wrapped-driver.ts'
import { UnreachableDatabaseError } from './unreachable.ts'

function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: raw`), { code, syscall: 'open', path: '/data/yaopai.db' })
}

test('what the system refuses is said with file, reason, setting and cure, and not raw', () => {
  const cases: [code: string, message: RegExp][] = [
    ['EACCES', /no right to \/data\/yaopai\.db \(EACCES\): make the user .* the owner of the folder/],
    ['EPERM', /the owner of the folder/],
    ['EROFS', /reading only .* \(EROFS\): name a folder that this user can write/],
    ['ENOSPC', /no space is left/],
    ['EIO', /the system refuses \/data\/yaopai\.db \(EIO\)/],
  ]
  for (const [code, message] of cases) {
    const refused = () =>
      reaching('/data/yaopai.db', () => {
        throw systemError(code)
      })
    assert.throws(refused, (error) => {
      assert.ok(error instanceof UnreachableDatabaseError)
      assert.equal(error.exitCode, 78)
      assert.match(error.message, message)
      assert.match(error.message, /^The database \/data\/yaopai\.db .*DATABASE_URL$/)
      return true
    })
  }
  const copied = Object.assign(systemError('ENOSPC'), {
    path: '/backups/b.db',
    dest: '/data/yaopai.db.restoring',
  })
  assert.match(
    new UnreachableDatabaseError('x', copied).message,
    /no space is left for \/data\/yaopai\.db\.restoring /,
  )
  const fault = new TypeError('a fault of ours')
  const faulty = () =>
    reaching('x', () => {
      throw fault
    })
  assert.throws(faulty, fault)
})

test('a parent that is a file is told to servers and tools, however deep it lies', async (t) => {
  const parent = testFile(t)
  writeFileSync(parent, '')
  for (const role of ['server', 'tool'] as const) {
    for (const file of [join(parent, 'y.db'), join(parent, 'a', 'b', 'y.db')])
      await assert.rejects(openTestStore(t, { file, role }), (error) => {
        assert.ok(error instanceof UnreachableDatabaseError, String(error))
        assert.match(error.message, /a file stands where a folder is needed in .*DATABASE_URL/)
        return true
      })
  }
})

const hasProc = existsSync('/proc/self') ? {} : { skip: 'no virtual file system here' }

test('where no folder can ever be made the server gives up at once', hasProc, async (t) => {
  const opening = openTestStore(t, { file: '/proc/yaopai-cannot-be/here/y.db' })
  await assert.rejects(opening, /yaopai-cannot-be\/here\/y\.db cannot be opened.*DATABASE_URL/)
})

test('a lock that SQLite may not open names its file and who must own the folder', async (t) => {
  const file = join(dirname(testFile(t)), 'yaopai.db')
  const driver = {
    open(name: string) {
      if (name.endsWith('-lock')) throw sqliteError(14, 'unable to open database file')
      return loadDriver().open(name)
    },
  }
  await assert.rejects(openTestStore(t, { file, driver }), (error) => {
    assert.ok(error instanceof DatabaseError)
    assert.equal(error.exitCode, 78)
    assert.match(error.message, /yaopai\.db-lock cannot be opened .*owner of the folder.*DATABASE_URL/)
    return true
  })
})
