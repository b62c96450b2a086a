import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CrashDisk } from './crash-disk.ts'
import { type DiskStep, readDiskLog } from './disk-log.ts'
import { createDraw } from './draw.ts'

const hex = (text: string) =>
  [...Buffer.from(text)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('')

test('the record of a process is read step by step; a call counts from when it came back', () => {
  const record = [
    `10 pwrite64(7<${hex('/d/a.db')}>, "${hex('abc')}", 3, 512) = 3`,
    `11 pwrite64(8<${hex('/d/b.db')}>, "${hex('x')}", 1, 0 <unfinished ...>`,
    `10 fdatasync(7<${hex('/d/a.db')}>) = 0`,
    `11 <... pwrite64 resumed>) = 1`,
    `10 write(1<pipe:[1]>, "${hex('4\n5\n')}", 4) = 4`,
    `10 fsync(7<${hex('/d/a.db')}>) = -1 EIO (Input/output error)`,
    `10 ftruncate(7<${hex('/d/a.db')}>, 0) = 0`,
    `10 unlink("${hex('/d/a.db')}") = 0`,
    '',
  ].join('\n')
  assert.deepEqual(readDiskLog(record), [
    { kind: 'write', file: '/d/a.db', at: 512, bytes: Buffer.from('abc') },
    { kind: 'sync', file: '/d/a.db' },
    { kind: 'write', file: '/d/b.db', at: 0, bytes: Buffer.from('x') },
    { kind: 'said', n: 4 },
    { kind: 'said', n: 5 },
    { kind: 'cut', file: '/d/a.db', size: 0 },
    { kind: 'remove', file: '/d/a.db' },
  ])
})

test('what was synced is always there, what was not is sometimes lost and sometimes torn', () => {
  const disk = new CrashDisk()
  const write = (at: number, text: string): DiskStep => ({
    kind: 'write',
    file: 'f',
    at,
    bytes: Buffer.from(text),
  })
  for (const step of [write(0, 'synced'), { kind: 'sync', file: 'f' } as const, write(6, 'x'.repeat(2_048))])
    disk.apply(step)
  const draw = createDraw('crash')
  const sizes = new Set(
    Array.from({ length: 200 }, () => {
      const bytes = disk.lose(draw).get('f') ?? Buffer.alloc(0)
      assert.equal(bytes.subarray(0, 6).toString(), 'synced')
      return bytes.length
    }),
  )
  assert.ok(sizes.has(6) && sizes.has(6 + 2_048), 'all lost and all kept')
  assert.ok(sizes.size > 2, 'torn')
})
