import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { loadConfig, loadDatabaseUrl } from './load-config.ts'
import { parsePostgresUrl } from './postgres-url.ts'

function targetOf(url: string) {
  const parsed = parsePostgresUrl(url)
  if (!parsed.ok) assert.fail(JSON.stringify(parsed.problems))
  return parsed.target
}

describe('a postgres:// URL', () => {
  test('has user, password, hosts and database where libpq looks for them', () => {
    const target = targetOf(
      'postgresql://me%40home:p%3A%2Fw@h1:5433,[::1]:6000,h3/book?target_session_attrs=read-write',
    )
    assert.deepEqual(target.hosts, [
      { host: 'h1', port: 5433 },
      { host: '::1', port: 6000 },
      { host: 'h3', port: 5432 },
    ])
    assert.deepEqual([target.user, target.password?.reveal(), target.database], ['me@home', 'p:/w', 'book'])
  })

  test('may leave all of it out, or name the folder of a socket', () => {
    const bare = targetOf('postgres://')
    assert.deepEqual(
      [bare.hosts, bare.user, bare.password, bare.database],
      [[{ host: 'localhost', port: 5432 }], null, null, null],
    )
    const socket = [{ host: '/run/postgresql', port: 5433 }]
    assert.deepEqual(targetOf('postgres://me@%2Frun%2Fpostgresql:5433/book').hosts, socket)
    assert.deepEqual(targetOf('postgres:///book?host=/run/postgresql&port=5433').hosts, socket)
  })

  test('verifies the server where it says sslrootcert=system, and prefers TLS where it says nothing', () => {
    assert.equal(targetOf('postgres://db/book').sslMode, 'prefer')
    assert.equal(targetOf('postgres://db/book?sslrootcert=system').sslMode, 'verify-full')
    assert.equal(targetOf('postgres://db/book?sslmode=require').sslMode, 'require')
  })

  test('who forgot to encode a password is told how, whatever it made of the URL', () => {
    for (const url of ['postgres://u:a#b@db/book', 'postgres://u:a/b@db/book', 'postgres://u:a?b@db/book']) {
      const parsed = parsePostgresUrl(url)
      assert.ok(!parsed.ok && parsed.problems.some(({ cure }) => cure.includes('# and ? stand as')), url)
    }
  })

  const misfits: [url: string, problem: RegExp][] = [
    ['postgres:/db/book', /is no URL/],
    ['postgres://db/book/more', /is no URL/],
    ['postgres://u:se/cret-word@db/book', /is no URL|names a host/],
    ['postgres://db:0/book', /names a host or a port/],
    ['postgres://db:70000/book', /names a host or a port/],
    ['postgres://u:%zz@db/book', /has a % that stands/],
    [
      'postgres://db/book?target_session_attrs=any',
      /target_session_attrs, which must be one of read-write, primary/,
    ],
    ['postgres://db/book?pool_size=0', /pool_size, which must be a whole number/],
    ['postgres://db/book?password=cret-word', /password, which must stand before the @/],
    ['postgres://db/book?sslmod=require', /unknown, sslmod; did you mean sslmode/],
    ['postgres://db/book?cret-word=1', /a parameter that is unknown$/],
    ['postgres://db/book?constructor=1', /unknown, constructor/],
  ]
  for (const [url, problem] of misfits) {
    test(`${url} is told what does not fit, and nothing of a password`, () => {
      const parsed = parsePostgresUrl(url)
      const told = parsed.ok ? [] : parsed.problems
      assert.match(told.map((one) => one.problem).join(), problem)
      assert.ok(!JSON.stringify(told).includes('cret-word'))
    })
  }
})

describe('where the URL of a database comes from', () => {
  const readFile = (texts: Record<string, string>) => (path: string) => {
    const text = texts[path]
    return text === undefined
      ? ({ ok: false, reason: 'missing' } as const)
      : ({ ok: true, text, mode: 0o600 } as const)
  }
  const load = (env: Record<string, string>, texts: Record<string, string>) =>
    loadDatabaseUrl({ env, cwd: '/srv', readFile: readFile(texts) })

  test('a file that DATABASE_URL_FILE names, or what the configuration file points at', () => {
    const texts = { '/srv/db.url': 'postgres://u:p@db/book\n' }
    const ways: [Record<string, string>, Record<string, string>][] = [
      [{ DATABASE_URL_FILE: 'db.url' }, texts],
      [{}, { ...texts, '/srv/yaopai.config.json': '{"databaseUrl":{"file":"db.url"}}' }],
      [{ BOOK: 'postgres://u:p@db/book' }, { '/srv/yaopai.config.json': '{"databaseUrl":{"env":"BOOK"}}' }],
    ]
    for (const [env, files] of ways) {
      const loaded = load(env, files)
      assert.ok(loaded.ok && loaded.database.kind === 'postgres')
      assert.equal(loaded.database.url.reveal(), 'postgres://u:p@db/book')
    }
  })

  test('a password in the configuration file, and a connection that can be overheard, are warned of', () => {
    const warnings = (databaseUrl: string) => {
      const file = JSON.stringify({ databaseUrl, masterKey: { env: 'K' }, apps: [] })
      const readText = readFile({ '/srv/yaopai.config.json': file })
      return loadConfig({ env: {}, cwd: '/srv', readFile: readText }).warnings.map(({ problem }) => problem)
    }
    assert.match(warnings('postgres://u:p@127.0.0.1/book').join(), /^holds a password/)
    assert.deepEqual(warnings('postgres://u@127.0.0.1/book'), [])
    assert.deepEqual(warnings('postgres://u@db/book?sslmode=verify-full'), [])
    assert.match(warnings('postgres://u@db/book?sslmode=require').join(), /^takes whoever answers/)
  })

  test('both a variable and its file are refused, and a file that is not there', () => {
    const both = load({ DATABASE_URL: 'file:x', DATABASE_URL_FILE: 'db.url' }, {})
    assert.ok(!both.ok && both.problems[0]?.problem.includes('DATABASE_URL_FILE too'))
    const missing = load({}, { '/srv/yaopai.config.json': '{"databaseUrl":{"file":"db.url"}}' })
    assert.ok(!missing.ok && missing.problems[0]?.setting === 'databaseUrl')
  })
})
