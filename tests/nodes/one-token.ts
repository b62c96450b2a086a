import assert from 'node:assert/strict'
import { newApiKey } from 'yaopai'
import { call } from '../serve/support/client.ts'
import { APPID } from '../serve/support/rig.ts'
import type { Fleet } from './fleet.ts'

const KEY = newApiKey()
/** To be given to the nodes: a back end that may have access tokens. */
export const HUB = { YAOPAI_API_KEYS: `hub:access-token+admin:${KEY}` }

const STABLE = '/cgi-bin/stable_token'

/** Many back ends ask all nodes at once, and WeChat is asked once; a forced token is all nodes' from then on. */
export async function proveOneToken(fleet: Fleet, names: readonly string[]): Promise<void> {
  const first = await tokensOf(fleet, names, 10)
  assert.equal(new Set(first).size, 1)
  assert.equal(timesAsked(fleet), 1)
  await ageBy(fleet, 31_000)
  const [, forcing = ''] = names
  const forced = await Promise.all(Array.from({ length: 5 }, () => tokenOf(fleet, forcing, '?refresh=force')))
  assert.equal(new Set(forced).size, 1)
  assert.notEqual(forced[0], first[0])
  assert.deepEqual(new Set(await tokensOf(fleet, names, 3)), new Set(forced))
  assert.equal(timesAsked(fleet), 2)
  assert.deepEqual(await errcodesOf(fleet, [first[0], forced[0]]), [40001, 'good'])
}

async function tokensOf(fleet: Fleet, names: readonly string[], each: number): Promise<unknown[]> {
  const asked = Array.from({ length: each }, () => names.map((name) => tokenOf(fleet, name))).flat()
  return Promise.all(asked)
}

async function tokenOf(fleet: Fleet, name: string, query = ''): Promise<unknown> {
  const url = `${fleet.node(name).internalUrl}/apps/${APPID}/access-token${query}`
  const { status, text, body } = await call('GET', url, { token: KEY })
  assert.equal(status, 200, text)
  return body['accessToken']
}

function timesAsked({ rig }: Fleet): number {
  return rig.emulator.calls().filter(({ path }) => path === STABLE).length
}

/** As if it had been asked for so much earlier: WeChat takes a forced one every half a minute. */
async function ageBy({ book }: Fleet, ms: number): Promise<void> {
  const notes = book.table('notes')
  const name = `access-token ${APPID}`
  const [row] = await book.ask(`SELECT value FROM ${notes} WHERE name = '${name}'`)
  const [endsAtMs, askedAtMs, sealed] = String(row?.['value']).split(' ')
  const value = [Number(endsAtMs) - ms, Number(askedAtMs) - ms, sealed].join(' ')
  await book.ask(`UPDATE ${notes} SET value = '${value}' WHERE name = '${name}'`)
}

/** What WeChat says to who comes with it. */
function errcodesOf({ rig }: Fleet, tokens: readonly unknown[]): Promise<unknown[]> {
  return Promise.all(
    tokens.map(async (token) => {
      const { body } = await call('GET', `${rig.emulator.url}/wxa/checksession?access_token=${token}`)
      // It misses what else this call wants, once it has taken the token.
      return body['errcode'] === 40001 ? 40001 : 'good'
    }),
  )
}
