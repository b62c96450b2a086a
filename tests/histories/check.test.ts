import assert from 'node:assert/strict'
import { appendFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { checkHistory } from './check.ts'
import {
  type HistoryLine,
  type Mark,
  monotonicMs,
  type Operation,
  openHistory,
  readHistory,
} from './history.ts'

const EMPTY = {
  reason: null,
  token: null,
  nextToken: null,
  session: null,
  user: null,
  code: null,
  device: null,
  mayExpireAtMs: null,
  exceptSession: null,
  audit: null,
} as const

/** What began at that time on node a and was answered 10 ms later with success, unless `change` says otherwise. */
function op(kind: Operation['kind'], atMs: number, change: Partial<Operation> = {}): Operation {
  const known = kind === 'revoke' ? { session: 's1' } : { session: 's1', user: 'u1', token: 't1' }
  return {
    ...EMPTY,
    kind,
    node: 'a',
    outcome: 'ok',
    invokedAtMs: atMs,
    ackedAtMs: atMs + 10,
    ...known,
    ...change,
  }
}

function mark(name: Mark['mark'], atMs: number): Mark {
  return { kind: 'mark', mark: name, atMs, what: 'kill' }
}

function brokenBy(...lines: HistoryLine[]): string[] {
  return [...new Set(checkHistory(lines).violations.map(({ rule }) => rule))]
}

const refused = { outcome: 'refused' } as const
const unknown = { outcome: 'unknown' } as const
const login = op('login', 0, { code: 'c1', device: 'd1', audit: 'login.succeeded s1' })
const revoke = op('revoke', 100, { audit: 'session.ended s1' })
const seen = op('validate', 50)

describe('a history as it should be', () => {
  test('a login that validates, is revoked and then refused breaks nothing and is counted', () => {
    const verdict = checkHistory([
      login,
      seen,
      revoke,
      op('validate', 111, refused),
      op('validate', 1111, { node: 'b', ...refused }),
    ])
    assert.deepEqual(verdict.violations, [])
    assert.equal(verdict.ops, 5)
    assert.equal(verdict.acked, 3)
    assert.equal(verdict.unknown + verdict.lost + verdict.wronglyAccepted, 0)
    assert.equal(verdict.isAuditJudged, false)
  })

  test('what may be: another node within the bound, under way while it ended, either way of what is unknown', () => {
    assert.deepEqual(brokenBy(login, revoke, op('validate', 1110, { node: 'b' })), [])
    assert.deepEqual(brokenBy(login, revoke, op('validate', 105)), [])
    assert.deepEqual(brokenBy(login, op('revoke', 100, unknown), op('validate', 5_000, refused)), [])
    assert.deepEqual(brokenBy(login, op('revoke', 100, unknown), op('validate', 5_000)), [])
    assert.deepEqual(brokenBy(login, op('revoke', 100, refused), op('validate', 5_000)), [])
  })

  test('what may end a session: its time, a renewal of its token, a login on its device, a ban until it is lifted', () => {
    const gone = op('validate', 500, refused)
    assert.deepEqual(brokenBy({ ...login, mayExpireAtMs: 505 }, gone), [])
    assert.deepEqual(brokenBy(login, op('renew', 100, { nextToken: 't2' }), gone), [])
    const later = op('login', 200, { session: 's2', token: 't3', code: 'c2', device: 'd1' })
    assert.deepEqual(brokenBy(login, later, gone, op('validate', 500, { session: 's2', token: 't3' })), [])
    const ban = op('ban', 100, { session: null, token: null })
    const unban = op('unban', 900, { session: null, token: null })
    assert.deepEqual(brokenBy(login, ban, gone, unban, op('validate', 2_000)), [])
  })

  test('a login after all sessions of its user were ended lives, and so does the session that was spared', () => {
    const all = op('revokeUser', 100, { session: null, token: null, exceptSession: 's3' })
    const later = op('login', 200, { session: 's2', token: 't2', code: 'c2' })
    const spared = op('login', 20, { session: 's3', token: 't3', code: 'c3' })
    const asked = [
      op('validate', 300, { session: 's2', token: 't2' }),
      op('validate', 300, { session: 's3', token: 't3' }),
    ]
    assert.deepEqual(brokenBy(login, spared, all, later, ...asked), [])
  })
})

describe('a history that breaks a rule is found out', () => {
  const PLANTED: readonly (readonly [string, string, readonly HistoryLine[]])[] = [
    ['i', 'a login that is refused and nothing ended it', [login, op('validate', 50, refused)]],
    ['i', 'a login that nobody asked for again', [login]],
    ['i', 'a login of which all that is known is no answer', [login, op('validate', 50, unknown)]],
    ['i', 'refused before the revocation began', [login, op('validate', 50, refused), revoke]],
    [
      'i',
      'refused though the revocation was refused',
      [login, op('revoke', 20, refused), op('validate', 50, refused)],
    ],
    [
      'i',
      'refused before its time was over',
      [{ ...login, mayExpireAtMs: 100 }, op('validate', 50, refused)],
    ],
    [
      'i',
      'ended by what was meant for another',
      [login, op('revoke', 20, { session: 's9' }), op('validate', 50, refused)],
    ],
    ['ii', 'accepted on the same node right after', [login, revoke, op('validate', 111)]],
    ['ii', 'accepted on another node after the bound', [login, revoke, op('validate', 1111, { node: 'b' })]],
    [
      'ii',
      'accepted after an end that holds everywhere',
      [login, { ...revoke, node: '*' }, op('validate', 111, { node: 'b' })],
    ],
    [
      'ii',
      'accepted after all of the user were ended',
      [login, op('revokeUser', 100, { session: null, token: null }), op('validate', 111)],
    ],
    [
      'ii',
      'accepted while banned',
      [
        login,
        op('ban', 100, { session: null, token: null }),
        op('validate', 111),
        op('unban', 500, { session: null, token: null }),
      ],
    ],
    [
      'ii',
      'the renewed token accepted after the end',
      [
        login,
        seen,
        op('renew', 60, { nextToken: 't2' }),
        revoke,
        op('validate', 111, { token: 't2', session: null }),
      ],
    ],
    ['iii', 'a token of two users', [login, op('validate', 50, { user: 'u2' })]],
    [
      'iii',
      'a renewed token of two users',
      [login, seen, op('renew', 60, { nextToken: 't2' }), op('validate', 90, { token: 't2', user: 'u2' })],
    ],
    [
      'iv',
      'two sessions of one code',
      [
        login,
        seen,
        op('login', 20, { code: 'c1', session: 's2', token: 't2' }),
        op('validate', 60, { session: 's2', token: 't2' }),
      ],
    ],
    [
      'v',
      'refused and accepted again after an unknown end',
      [login, op('revoke', 100, unknown), op('validate', 200, refused), op('validate', 300)],
    ],
    [
      'v',
      'accepted after the recovery and ended later by what was before it',
      [
        login,
        op('revoke', 100, unknown),
        mark('recovered', 200),
        op('validate', 1300),
        op('validate', 1400, refused),
      ],
    ],
    ['vi', 'a login that is not told', [login, seen, { kind: 'audit', name: 'other' }]],
    [
      'vi',
      'an end that is told twice',
      [
        login,
        seen,
        revoke,
        { kind: 'audit', name: 'login.succeeded s1' },
        { kind: 'audit', name: 'session.ended s1' },
        { kind: 'audit', name: 'session.ended s1' },
      ],
    ],
  ]
  for (const [rule, title, lines] of PLANTED)
    test(`(${rule}) ${title}`, () => assert.deepEqual(brokenBy(...lines), [rule]))
})

test('a wrong accept is found wherever it stands among thousands of sound operations', () => {
  const place = fc.record({ session: fc.nat(99), lateMs: fc.integer({ min: 1, max: 10_000 }) })
  fc.assert(
    fc.property(place, ({ session, lateMs }) => {
      const sound = Array.from({ length: 100 }, (_, n) => soundLife(n)).flat()
      assert.deepEqual(checkHistory(sound).violations, [])
      const wrong = op('validate', session + 110 + lateMs + 1_000, { ...named(session), node: 'b' })
      const { violations, wronglyAccepted } = checkHistory([...sound, wrong])
      assert.equal(wronglyAccepted, 1)
      assert.equal(violations[0]?.operations[1], wrong)
    }),
    { numRuns: 20 },
  )
})

test('a history four times as long takes about four times the steps, whatever it holds', () => {
  const few = stepsFor(500)
  const many = stepsFor(2_000)
  assert.ok(many > 2_000 * 10, `${many} steps are too few to have looked at all`)
  // Four times as many to sort are a little more than four times the steps; each with each would be sixteen times.
  assert.ok(many < few * 6, `${few} steps for 500 sessions, ${many} for 2,000`)
})

/** How often the rules looked at a field of an operation of sessions that ended late, or that one token asked for. */
function stepsFor(count: number): number {
  const lives = Array.from({ length: count }, (_, n) => [...soundLife(n), ...lateLife(count + n)]).flat()
  const often = Array.from({ length: count }, (_, n) => [
    op('validate', 20 + n * 10, named(0)),
    op('validate', 30_000 + n * 10, { ...named(0), ...refused }),
  ]).flat()
  let steps = 0
  const counted = [...lives, ...often].map(
    (operation) =>
      new Proxy(operation, {
        get(target, key) {
          steps += 1
          return Reflect.get(target, key)
        },
      }),
  )
  checkHistory([...counted, mark('recovered', 10_000)])
  return steps
}

/** Accepted after the recovery, then refused: what was under way before it, and one that came after it. */
function lateLife(n: number): Operation[] {
  return [
    op('login', n, { ...named(n), code: `c${n}` }),
    op('revoke', n + 100, { session: `s${n}`, ...unknown }),
    op('validate', n + 20_000, named(n)),
    op('validate', n + 20_100, { ...named(n), ...refused }),
  ]
}

function named(n: number) {
  return { session: `s${n}`, user: `u${n % 7}`, token: `t${n}` }
}

function soundLife(n: number): Operation[] {
  return [
    op('login', n, { ...named(n), code: `c${n}` }),
    op('validate', n + 20, named(n)),
    op('revoke', n + 100, { session: `s${n}` }),
    op('validate', n + 20_000, { ...named(n), ...refused }),
  ]
}

test('the longest time without an answer and the time to recover are measured by node and by fault', () => {
  const lines = [
    { ...login, mayExpireAtMs: 0 },
    mark('fault.begun', 1_000),
    op('validate', 1_100, unknown),
    op('validate', 1_200, { node: 'b' }),
    mark('fault.ended', 2_000),
    op('validate', 2_050, { ...unknown, ackedAtMs: 2_400 }),
    op('validate', 2_450),
  ]
  const verdict = checkHistory(lines)
  assert.equal(verdict.longestUnavailabilityMs, 2_460 - 1_100)
  assert.equal(verdict.recoveryMs, 460)
  assert.equal(checkHistory(lines.slice(0, -1)).recoveryMs, null)
})

test('the file holds every line at once, a cut-off one is left out, and what nobody answered is unknown', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'yaopai-history-'))
  t.after(() => rm(folder, { recursive: true }))
  const file = join(folder, 'history.jsonl')
  const history = openHistory(file)
  history.begin({ kind: 'login', node: 'a', code: 'c1' })({ outcome: 'ok', session: 's1' })
  assert.deepEqual(readHistory(file), history.lines)
  history.begin({ kind: 'validate', node: 'b', token: 't1' })
  history.mark('fault.begun', 'kill')
  history.audit('login.succeeded s1')
  history.close()
  await appendFile(file, '{"kind":"vali')
  const lines = readHistory(file)
  assert.deepEqual(lines, history.lines)
  assert.deepEqual(
    lines.map(({ kind }) => kind),
    ['login', 'mark', 'audit', 'validate'],
  )
  const last = lines.at(-1) as Operation
  assert.equal(last.outcome, 'unknown')
  assert.ok(last.invokedAtMs <= last.ackedAtMs && last.ackedAtMs <= monotonicMs())
})
