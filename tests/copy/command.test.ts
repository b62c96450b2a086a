import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { needs } from '../../tools/needs.ts'
import { startPostgres } from '../../tools/postgres-server.ts'
import { statusOf, tokenOf } from '../serve/support/client.ts'
import { createRig } from '../serve/support/rig.ts'

describe('yaopai store copy', needs('postgresql'), () => {
  test('[F80] an installation moves from its file to PostgreSQL, and nobody has to log in anew', async (t) => {
    const postgres = await startPostgres()
    t.after(() => postgres.remove())
    const rig = await createRig(t)
    const url = postgres.url(await postgres.createDatabase())
    await writeFile(join(rig.folder, 'new.url'), `${url}\n`, { mode: 0o600 })
    const copy = ['store', 'copy', '--from', 'file:.yaopai/yaopai.db', '--to', '@new.url']

    const old = await rig.serve()
    const alice = await tokenOf(old.publicUrl, rig.code('alice'))
    const first = await rig.run([...copy, '--json'])
    assert.equal(first.exitCode, 0, first.stderr)
    const { tables, isFinished } = JSON.parse(first.stdout)
    assert.deepEqual([isFinished, tables[0].table, tables[0].rows, tables[0].written], [false, 'users', 1, 1])
    const bob = await tokenOf(old.publicUrl, rig.code('bob'))
    const nobody = await rig.run([...copy.slice(0, -1), 'postgres://u@127.0.0.1:9/b'])
    assert.equal(nobody.exitCode, 78)
    assert.match(nobody.stderr, /^error: --to: nothing listens at 127\.0\.0\.1:9/)

    const running = await rig.run([...copy, '--finish'])
    assert.equal(running.exitCode, 78)
    assert.match(running.stderr, /Another server runs on/)
    await old.stop()
    const last = await rig.run([...copy, '--finish'])
    assert.equal(last.exitCode, 0, last.stderr)
    assert.match(last.stderr, /Set DATABASE_URL to the new database/)

    const onFile = await rig.run(['serve'])
    assert.equal(onFile.exitCode, 78)
    assert.match(onFile.stderr, /has moved to postgres:\/\/127\.0\.0\.1:\d+\/book_1/)
    const server = await rig.serve({ DATABASE_URL: url })
    assert.deepEqual(
      await Promise.all([alice, bob].map((token) => statusOf(server.publicUrl, token))),
      [200, 200],
    )
    const migrated = await rig.run(['migrate'], { DATABASE_URL: url })
    assert.match(migrated.stdout, /is up to date/)
    const all = [first, running, last, onFile, migrated]
      .flatMap(({ stdout, stderr }) => [stdout, stderr])
      .join('')
    assert.ok(!all.includes(postgres.password))
  })
})

test('what cannot be copied is a matter of usage, told before anything is opened', async (t) => {
  const rig = await createRig(t)
  const wrongs: [string[], RegExp][] = [
    [['--from', 'postgres://db.example/a', '--to', 'mysql://db.example/b'], /--from must name a file/],
    [['--from', 'file:a.db', '--to', 'file:b.db'], /--to must name a database server.*yaopai backup/],
    [
      ['--from', 'file:a.db', '--to', 'redis://db.example'],
      /--to must begin with file:, postgres: or mysql:/,
    ],
    [
      ['--from', 'file:a.db', '--to', 'postgres://u:hunter2#3@db.example/b'],
      /^(?!.*hunter2).*--to is no URL of a database\. Write it as .*# and \? stand as/s,
    ],
    [['--from', 'file:a.db', '--to', '@nowhere.url'], /--to names a file that is not there: nowhere\.url/],
    [
      ['--from', 'file:a.db', '--to', '@postgres://u:hunter2@db.example/b'],
      /^(?!.*hunter2).*--to must have no @ before a URL/s,
    ],
    [['--from', 'file:a.db'], /required option '--to <url>'/],
  ]
  for (const [args, told] of wrongs) {
    const { exitCode, stderr } = await rig.run(['store', 'copy', ...args])
    assert.deepEqual([exitCode, told.test(stderr)], [2, true], stderr)
  }
  const missing = await rig.run(['store', 'copy', '--from', 'file:a.db', '--to', 'mysql://u@127.0.0.1:9/b'])
  assert.equal(missing.exitCode, 78)
  assert.match(missing.stderr, /There is no database .*a\.db: name the server's file in --from/)
})
