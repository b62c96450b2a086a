import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { loadDatabaseUrl } from './load-config.ts'
import { parseMysqlUrl } from './mysql-url.ts'

function targetOf(url: string) {
  const parsed = parseMysqlUrl(url)
  if (!parsed.ok) assert.fail(JSON.stringify(parsed.problems))
  return parsed.target
}

describe('a mysql:// URL', () => {
  test('has user, password, host, port and database where a URL has them', () => {
    const target = targetOf('mysql://me%40home:p%3A%2Fw@db.example:3307/book')
    assert.deepEqual([target.host, target.port, target.database], ['db.example', 3307, 'book'])
    assert.deepEqual([target.user, target.password?.reveal()], ['me@home', 'p:/w'])
    const bare = targetOf('mariadb://root@[::1]/book')
    assert.deepEqual([bare.host, bare.port, bare.user, bare.password], ['::1', 3306, 'root', null])
  })

  test('asks for TLS by the names that MySQL has for it, and verifies who signed where it names an authority', () => {
    const modes = ['', '?ssl-mode=required', '?ssl-ca=/ca.pem', '?ssl-ca=/ca.pem&ssl-mode=VERIFY_IDENTITY']
    assert.deepEqual(
      modes.map((query) => targetOf(`mysql://db/book${query}`).sslMode),
      ['DISABLED', 'REQUIRED', 'VERIFY_CA', 'VERIFY_IDENTITY'],
    )
  })

  test('says how many connections there may be, and whether the last commits may be lost', () => {
    const [plain, other] = [
      targetOf('mysql://db/book'),
      targetOf('mysql://db/book?pool_size=30&durability=relaxed'),
    ]
    assert.deepEqual([plain.poolSize, plain.isLossAccepted], [10, false])
    assert.deepEqual([other.poolSize, other.isLossAccepted], [30, true])
  })

  const misfits: [url: string, problem: RegExp][] = [
    ['mysql:', /names no database|is no URL/],
    ['mysql://db', /names no database/],
    ['mysql://db/', /names no database/],
    ['mysql://db/book/more', /names no database/],
    ['mysql://u:cret-word@db:70000/book', /is no URL/],
    ['mysql://u:%zzcret-word@db/book', /is no URL/],
    ['mysql://db/book?ssl-mode=PREFERRED', /ssl-mode, which must be one of DISABLED, REQUIRED/],
    ['mysql://db/book?pool_size=1', /pool_size, which must be a whole number from 2/],
    ['mysql://db/book?durability=none', /durability, which must be relaxed/],
    ['mysql://db/book?poolsize=5', /unknown; did you mean pool_size/],
    ['mysql://db/book?cret-word=1', /a parameter that is unknown$/],
    ['mysql://db/book?constructor=1', /a parameter that is unknown$/],
  ]
  for (const [url, problem] of misfits) {
    test(`${url} is told what does not fit, and nothing of a password`, () => {
      const loaded = loadDatabaseUrl({
        env: { DATABASE_URL: url },
        cwd: '/',
        readFile: () => ({ ok: false, reason: 'missing' }),
      })
      assert.ok(!loaded.ok)
      assert.match(loaded.problems.map((one) => one.problem).join('\n'), problem)
      assert.doesNotMatch(JSON.stringify(loaded.problems), /cret-word/)
    })
  }
})
