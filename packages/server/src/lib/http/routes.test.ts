import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ERROR_CODES } from '../errors.ts'
import { problemShape } from './answer-schemas.ts'
import type { Route } from './route.ts'
import { codesOf, routes } from './routes.ts'
import { APPID, appConfig, type CallInit, type Desk, openDataOf, openDesk } from './testing/desk.ts'

/** Bodies that fit, as the fuzzer's seeds. */
function goodBody(route: Route, serial: number): Record<string, unknown> {
  if (route.path === '/login') {
    const device = { id: 'd1', brand: 'b', model: null, platform: 'ios', label: '我的手机' }
    return { code: `alice-${serial}`, appid: appConfig().appid, nonce: 'n'.repeat(22), device }
  }
  if (route.path === '/me') return { nickname: '小明', avatarUrl: 'https://a.test/1.png' }
  if (route.path === '/me/open-data') return { ...openDataOf(serial % 2 === 0 ? 'alice' : 'bob') }
  return { token: 'yp1_x' }
}

const odd: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    -0,
    1e308,
    '',
    [],
    {},
    '\u0000',
    '\u2028',
    '‮x',
    'x'.repeat(5_000),
    '../',
    "' OR 1=1--",
    '{tag}',
    'a\r\nb',
    '微信用户',
    '🐼'.repeat(33),
    Number.MAX_SAFE_INTEGER + 2,
  ),
  fc.string({ unit: 'binary', maxLength: 70 }),
  fc.jsonValue({ maxDepth: 3 }),
)
const oddName = fc.oneof(
  fc.constantFrom('__proto__', 'constructor', 'openid', 'token', 'isAdmin', 'toString', '', 'a.b', '$where'),
  fc.string({ maxLength: 12 }),
)

interface Mutation {
  readonly kind: 'none' | 'replace' | 'remove' | 'add' | 'twice' | 'cut' | 'raw' | 'huge'
  readonly at: number
  readonly name: string
  readonly value: unknown
  readonly bytes: Uint8Array<ArrayBuffer>
}

const mutation: fc.Arbitrary<Mutation> = fc.record({
  kind: fc.constantFrom('none', 'replace', 'remove', 'add', 'twice', 'cut', 'raw', 'huge'),
  at: fc.nat(400),
  name: oddName,
  value: odd,
  bytes: fc.uint8Array({ maxLength: 60 }).map((bytes) => Uint8Array.from(bytes)),
})

function mutated(route: Route, serial: number, { kind, at, name, value, bytes }: Mutation) {
  const body = goodBody(route, serial)
  const names = Object.keys(body)
  const field = names[at % names.length] ?? ''
  const rest = Object.fromEntries(Object.entries(body).filter(([key]) => key !== field))
  if (kind === 'replace') return write(route, { ...rest, [field]: value })
  if (kind === 'remove') return write(route, rest)
  if (kind === 'add') return write(route, { ...body, [name]: value })
  if (kind === 'twice') return `{"${field}":1,${write(route, body).slice(1)}`
  if (kind === 'cut') return write(route, body).slice(0, at)
  if (kind === 'huge') return write(route, { ...body, pad: 'x'.repeat(20_000) })
  return kind === 'raw' ? bytes : write(route, body)
}

function write({ body: { format } }: Route, body: Record<string, unknown>): string {
  if (format !== 'form') return JSON.stringify(body)
  const pairs = Object.entries(body).map(([name, value]) => [name, textOf(value)])
  return new URLSearchParams(Object.fromEntries(pairs)).toString()
}

/** Among what is thrown in are objects that cannot be made a text of, such as `{ toString: null }`. */
function textOf(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** `usual` most of the time, so that most shots reach a route's own work. */
function mostly<T>(usual: T, ...others: readonly T[]): fc.Arbitrary<T> {
  const rest = fc.constantFrom(...others)
  return fc.oneof({ arbitrary: fc.constant(usual), weight: 5 }, { arbitrary: rest, weight: 1 })
}

const shot = fc.record({
  route: fc.constantFrom(...routes),
  listener: mostly('own', 'other'),
  method: mostly('own', 'GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'),
  type: mostly(
    'own',
    '',
    'text/plain',
    'application/json; charset=gbk',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/JSON;charset="utf-8"',
  ),
  auth: mostly(
    'good',
    'none',
    'x',
    'yp1_',
    'Basic Og==',
    'Bearer a, Bearer b',
    `Bearer yp1_${'A'.repeat(58)}`,
  ),
  query: mostly(
    '',
    '?',
    '?code=alice-q&userInfo=x',
    '?token=x',
    '?limit=5',
    '?limit=%ff',
    '?optional=1',
    '?a=1&a=2',
    '?before=evt_0',
  ),
  headers: mostly<Record<string, string>>(
    {},
    { 'content-encoding': 'gzip' },
    { cookie: 'token=x' },
    { referer: 'https://servicewechat.com/wx0000000000000001/0/page-frame.html' },
    { 'accept-language': 'zh' },
    { 'content-length': '99999' },
    { 'content-length': 'x' },
    { 'x-forwarded-for': '1.1.1.1' },
  ),
  mutation,
  ip: fc.option(fc.ipV4(), { nil: null }),
})

type Shot = typeof shot extends fc.Arbitrary<infer T> ? T : never

const serials = { next: 1 }

async function shoot(desk: Desk, token: string, aim: Shot) {
  const { route } = aim
  const own = route.listeners[0] === 'public' ? 'public' : 'internal'
  const isPublic = (own === 'public') === (aim.listener === 'own')
  const method = aim.method !== 'own' ? aim.method : route.method === '*' ? 'GET' : route.method
  const good = route.auth === 'session' || route.auth === 'none' ? token : desk.apiKeys.orders
  const authorization = aim.auth === 'good' ? `Bearer ${good}` : aim.auth
  const type =
    aim.type !== 'own'
      ? aim.type
      : route.body.format === 'form'
        ? 'application/x-www-form-urlencoded'
        : 'application/json'
  serials.next += 1
  const hasBody =
    !['GET', 'HEAD'].includes(method) && (route.body.format !== 'none' || aim.mutation.kind === 'raw')
  const init: CallInit = {
    method,
    headers: {
      ...aim.headers,
      ...(authorization === 'none' ? {} : { authorization }),
      ...(type === '' ? {} : { 'content-type': type }),
    },
    ...(hasBody ? { body: mutated(route, serials.next, aim.mutation) } : {}),
    ip: aim.ip,
  }
  const path = route.path.replace('{id}', 'ses_00000000000001').replace('{appid}', APPID) + aim.query
  return {
    method,
    isPublic,
    response: await (isPublic ? desk.publicly(path, init) : desk.internally(path, init)),
  }
}

/** Statuses that a request to this path may end in: by what the rows of the table say. */
function documented(path: string, method: string, isPublic: boolean): Set<number> {
  const listener = isPublic ? 'public' : 'internal'
  const here = routes.filter((route) => route.path === path && route.listeners.includes(listener))
  const found = here.find(
    (route) => route.method === '*' || route.method === method || (route.hasHead && method === 'HEAD'),
  )
  if (!found) return new Set([here.length === 0 ? 404 : 405])
  return new Set([found.success.status, ...codesOf(found).map((code) => ERROR_CODES[code].status)])
}

test('[T24][T25] every route, with any method, type, credentials and body: a documented answer, never a 5xx', async () => {
  const desk = openDesk({ apps: [appConfig({ classicLogin: true })], deps: { loginLimitPerIp: 1_000_000 } })
  let { token } = await desk.login('alice-first')
  const seen = new Map<number, number>()
  await fc.assert(
    fc.asyncProperty(shot, async (aim) => {
      const { method, isPublic, response } = await shoot(desk, token, aim)
      const { status } = response
      seen.set(status, (seen.get(status) ?? 0) + 1)
      const what = `${method} ${aim.route.path} → ${status}`
      // A query that does not belong there is the gateway's mistake, which gateways know as 5xx alone.
      const isGateways = aim.route.isForGateways && status === 500 && aim.query !== ''
      assert.ok(
        (status < 500 || isGateways) && documented(aim.route.path, method, isPublic).has(status),
        what,
      )
      if (status === 204) ({ token } = await desk.login(`alice-again-${serials.next}`))
      await checkAnswer(method, aim.route, response, what)
    }),
    { numRuns: 20_000 },
  )
  for (const status of [200, 204, 400, 401, 404, 405, 413, 415, 422]) {
    assert.ok((seen.get(status) ?? 0) > 10, `${status} was hardly met: ${JSON.stringify([...seen])}`)
  }
  assert.deepEqual(
    desk.lines.filter(({ level }) => level === 'error'),
    [],
  )
  assert.equal(Reflect.get({}, 'isAdmin'), undefined)
})

async function checkAnswer(method: string, route: Route, response: Response, what: string): Promise<void> {
  const { status, headers } = response
  const text = await response.text()
  const mayBeKept = route.path === '/.well-known/jwks.json' && status === 200
  assert.equal(headers.get('cache-control'), mayBeKept ? 'public, max-age=300' : 'no-store', what)
  if (method === 'HEAD' || status === 204) return assert.equal(text, '', what)
  if (status === 200) {
    const row = routes.find(
      (other) => other.path === route.path && (other.method === method || other.method === '*'),
    )
    if (row?.success.schema) row.success.schema.parse(JSON.parse(text))
    return
  }
  assert.equal(headers.get('content-type'), 'application/problem+json', what)
  const problem = problemShape.parse(JSON.parse(text))
  assert.equal(problem.status, status)
  if (status === 400) assert.ok(problem.field !== undefined, `${what}: ${text}`)
  if (status === 405) assert.ok(headers.get('allow'), what)
  const challenge = headers.get('www-authenticate') ?? ''
  assert.equal(challenge.includes(`yaopai_code="${problem.code}"`), status === 401 || status === 403, what)
}

const textFields = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 70 }),
  fc.string({ unit: 'grapheme-composite', maxLength: 70 }),
  odd.filter((value) => typeof value === 'string'),
)

test('[T24] text is kept as it was sent, or refused', async () => {
  const desk = openDesk({ deps: { loginLimitPerIp: 1_000 } })
  let [edits, token] = [0, '']
  await fc.assert(
    fc.asyncProperty(textFields, async (nickname) => {
      // One session may change its profile 30 times a minute.
      if (edits % 30 === 0) ({ token } = await desk.login(`alice-${edits}`))
      edits += 1
      const response = await desk.publicly('/me', { method: 'PATCH', token, json: { nickname } })
      if (response.status === 400) return
      assert.equal(response.status, 200)
      const { nickname: kept } = Object.assign(Object.create(null), await response.json())
      const trimmed = String(nickname).trim()
      assert.equal(kept, trimmed === '' || trimmed === '微信用户' ? null : trimmed)
    }),
    { numRuns: 5_000 },
  )
})
