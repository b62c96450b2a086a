import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import type { Emulator } from '../../index.ts'
import { errcodesOf } from '../../index.ts'
import { type Answer, APPID, codeFor, OTHER_APPID, SECRET, startForTest } from '../../test-support/kit.ts'
import {
  ask,
  askStable,
  askToken,
  CHECK,
  PHONE,
  RESET,
  STABLE,
  TOKEN,
  tokenOf,
} from '../../test-support/server-calls.ts'
import { signLoginState } from './login-state.ts'
import { SERVED_PATHS } from './serve.ts'

interface Row {
  errcode: number
  errmsg: string
}
type Cause = (emulator: Emulator) => Promise<Answer>

const file = new URL('../../fixtures/access-token-errors.json', import.meta.url)
const { access_token: ACCESS_TOKEN_ROWS = [], ...CATALOGUE }: Record<string, Row[]> = JSON.parse(
  await readFile(file, 'utf8'),
)
const README = await readFile(new URL('../../../README.md', import.meta.url), 'utf8')

function put(emulator: Emulator, app: { frozen?: boolean; ipAllowList?: string[] }): void {
  emulator.putApp(APPID, { secret: SECRET, ...app })
}

/** A token path's causes, which both have: what differs is how they are asked. */
function tokenCauses(
  asked: (emulator: Emulator, fields?: Record<string, string | undefined>) => Promise<Answer>,
) {
  return new Map<number, Cause>([
    [40002, (emulator) => asked(emulator, { grant_type: 'x' })],
    [40013, (emulator) => asked(emulator, { appid: OTHER_APPID })],
    [40125, (emulator) => asked(emulator, { secret: 'wrong' })],
    [41002, (emulator) => asked(emulator, { appid: undefined })],
    [41004, (emulator) => asked(emulator, { secret: undefined })],
    [
      40164,
      (emulator) => {
        put(emulator, { ipAllowList: ['10.0.0.1'] })
        return asked(emulator)
      },
    ],
    [
      45009,
      async (emulator) => {
        emulator.setSettings({ tokenDailyQuota: 1, stableTokenDailyQuota: 1 })
        await asked(emulator)
        return asked(emulator)
      },
    ],
  ])
}

function whenFrozen(frozenAppErrcode: 50007 | 40243): Cause {
  return (emulator) => {
    put(emulator, { frozen: true })
    emulator.setSettings({ frozenAppErrcode })
    return askToken(emulator)
  }
}

/** A good call of a path with a login-state signature, some parameters replaced. */
async function signed(
  emulator: Emulator,
  path: string,
  changed: Record<string, string> = {},
): Promise<Answer> {
  const key = emulator.sessionKeyOf({ appid: APPID, user: 'alice' }) ?? ''
  return ask(emulator, path, {
    access_token: await tokenOf(askToken(emulator)),
    openid: emulator.openidOf(APPID, 'alice'),
    signature: signLoginState(key, ''),
    sig_method: 'hmac_sha256',
    ...changed,
  })
}

function signedCauses(path: string): [number, Cause][] {
  return [
    [87008, (emulator) => signed(emulator, path, { sig_method: 'x' })],
    [87009, (emulator) => signed(emulator, path, { signature: 'x' })],
  ]
}

async function askPhone(emulator: Emulator, init: { json?: unknown; body?: string }): Promise<Answer> {
  return ask(emulator, PHONE, { access_token: await tokenOf(askToken(emulator)) }, init)
}

/** How each errcode comes about without a fault, by path. */
const CAUSES: Record<string, ReadonlyMap<number, Cause>> = {
  [TOKEN]: new Map([...tokenCauses(askToken), [50007, whenFrozen(50007)], [40243, whenFrozen(40243)]]),
  [STABLE]: new Map([
    ...tokenCauses(askStable),
    [43002, (emulator) => ask(emulator, STABLE, {})],
    [
      45011,
      async (emulator) => {
        emulator.setSettings({ stableTokenMinuteQuota: 1 })
        await askStable(emulator)
        return askStable(emulator)
      },
    ],
  ]),
  [CHECK]: new Map([
    ...signedCauses(CHECK),
    [40003, (emulator: Emulator) => signed(emulator, CHECK, { openid: 'oNobody' })],
  ]),
  [RESET]: new Map([
    ...signedCauses(RESET),
    [
      87007,
      (emulator: Emulator) => {
        emulator.expireSessionKey({ appid: APPID, user: 'alice' })
        return signed(emulator, RESET)
      },
    ],
  ]),
  [PHONE]: new Map<number, Cause>([
    [
      40013,
      async (emulator) => {
        emulator.putApp(OTHER_APPID, { secret: SECRET })
        codeFor(emulator, 'alice', OTHER_APPID)
        return askPhone(emulator, { json: emulator.phoneCode({ appid: OTHER_APPID, user: 'alice' }) })
      },
    ],
    [40029, (emulator) => askPhone(emulator, { json: { code: codeFor(emulator) } })],
    [47001, (emulator) => askPhone(emulator, { body: 'code=x' })],
  ]),
}

function pattern(errmsg: string): RegExp {
  const escaped = errmsg.replace(/[.*+?^$()|[\]\\]/g, '\\$&')
  const rid = '[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}'
  const filled = escaped.replaceAll('{rid}', rid).replaceAll('{hint}', '[0-9A-Za-z-]{16}')
  return new RegExp(`^${filled.replaceAll('{ip}', '127\\.0\\.0\\.1')}$`)
}

function assertRow({ status, type, json }: Answer, row: Row): void {
  assert.deepEqual([status, type, json['errcode']], [200, 'application/json', row.errcode])
  assert.match(String(json['errmsg']), pattern(row.errmsg))
}

for (const [path, rows] of Object.entries(CATALOGUE)) {
  test(`[F81][F82] every errcode of ${path} can be had, with WeChat's text`, async (t) => {
    for (const row of rows) {
      const emulator = await startForTest(t)
      codeFor(emulator)
      emulator.addFault({ path, times: 1, errcode: row.errcode })
      assertRow(await ask(emulator, path, {}), row)
      const cause = CAUSES[path]?.get(row.errcode)
      if (cause) assertRow(await cause(emulator), row)
    }
    const listed = rows.map((row) => row.errcode)
    assert.deepEqual(
      [...(CAUSES[path]?.keys() ?? [])].filter((errcode) => !listed.includes(errcode)),
      [],
    )
  })
}

test('[F81][F82] the errcodes of a bad access_token are the same on each path that takes one', async (t) => {
  for (const path of [CHECK, RESET, PHONE]) {
    const emulator = await startForTest(t)
    const expired = await tokenOf(askToken(emulator))
    emulator.advanceClock(7200)
    const given = new Map([
      [40001, `89_${'a'.repeat(133)}`],
      [40014, 'no token'],
      [41001, ''],
      [42001, expired],
    ])
    for (const row of ACCESS_TOKEN_ROWS) {
      const init = path === PHONE ? { json: { code: 'x' } } : {}
      assertRow(await ask(emulator, path, { access_token: given.get(row.errcode) }, init), row)
    }
  }
})

/** What the README's tables say of a path: by errcode, how it can be had. */
function toldOf(path: string): Map<number, string> {
  const start = README.indexOf(`\`${path}\`:`)
  assert.ok(start > 0, `the README has a table for ${path}`)
  const section = README.slice(start).split(/\n\n(?!\|)/)[0] ?? ''
  const rows = [...section.matchAll(/^\| `(-?\d+)` \|.*\| (as WeChat|by fault)/gm)]
  return new Map(rows.map(([, errcode, how]) => [Number(errcode), how ?? '']))
}

// The exchange's causes stand in coverage.test.ts: all of them but -1.
const isCaused = (path: string, errcode: number) => CAUSES[path]?.has(errcode) ?? errcode !== -1

test("[F81] the README's coverage tables name every errcode of every served path, and how to get it", () => {
  for (const path of SERVED_PATHS) {
    const told = toldOf(path)
    const expected = errcodesOf(path).map(
      (errcode) => [errcode, isCaused(path, errcode) ? 'as WeChat' : 'by fault'] as const,
    )
    assert.deepEqual(told, new Map(expected), path)
  }
})
