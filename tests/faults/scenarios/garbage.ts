import { processCodeToSessionResponse } from '../../../packages/server/src/lib/wechat/code-to-session.ts'
import { wechatSays } from '../../../packages/server/src/testing/fake-transport.ts'
import type { Draw } from '../draw.ts'
import { NOTHING, type Scenario } from '../scenario.ts'

const OPENID = 'oGZUI0egBJY1zhBYw2KhdUfwVJJE'
const KEY = 'tiihtNczf5v6AKRyjwEUhQ=='
const GOOD = JSON.stringify({ openid: OPENID, session_key: KEY })
const WRONG = ['null', '1', 'true', '[]', '{}', '""', '"o 1"', '"\\u0000"', '-0', '1e999', '{"a":1}']

export const garbage: Scenario = {
  name: 'garbage',
  row: 'R10',
  fault: 'WeChat answers garbage',
  promise: 'no session comes of it and nothing crashes',
  how: 'answers near a good one: bytes changed, cut or doubled, fields of wrong types, pages, keys like __proto__',
  async run({ draw, isLong }) {
    const bodies = isLong ? 100_000 : 5_000
    const broken: string[] = []
    let [sessions, refused] = [0, 0]
    for (let turn = 0; turn < bodies; turn += 1) {
      const text = drawBody(draw)
      const isGood = isSession(text)
      try {
        const outcome = processCodeToSessionResponse(wechatSays(text))
        if (outcome.ok !== isGood)
          broken.push(`${outcome.ok ? 'accepted' : 'refused'}: ${text.slice(0, 200)}`)
        if (outcome.ok) sessions += 1
        else refused += 1
      } catch (error) {
        broken.push(`threw ${String(error)}: ${text.slice(0, 200)}`)
      }
    }
    const figures = { bodies, 'sessions from garbage': broken.length, 'good ones among them': sessions }
    return { ...NOTHING, ops: bodies, acked: refused, broken, figures }
  },
}

function drawBody(draw: Draw): string {
  const kind = draw.whole(0, 5)
  if (kind === 0) return GOOD
  if (kind === 1) return `<html>${GOOD}</html>`
  if (kind === 2) return pairs(draw)
  if (kind === 3) return GOOD.slice(0, draw.whole(0, GOOD.length - 1))
  const at = draw.whole(0, GOOD.length)
  const other = String.fromCharCode(draw.whole(0, kind === 4 ? 127 : 65_535))
  return GOOD.slice(0, at) + other + GOOD.slice(at + draw.whole(0, 3))
}

function pairs(draw: Draw): string {
  const names = ['openid', 'session_key', 'unionid', 'errcode', '__proto__', 'constructor']
  const fields = Array.from({ length: draw.whole(0, 5) }, () => `"${draw.pick(names)}":${draw.pick(WRONG)}`)
  return `{${fields.join(',')}}`
}

/** The rule once more, from the parsed text alone. */
function isSession(text: string): boolean {
  try {
    const value = new Map(Object.entries<unknown>(JSON.parse(text)))
    const [openid, key, unionid = ''] = [value.get('openid'), value.get('session_key'), value.get('unionid')]
    if (value.has('errcode') && value.get('errcode') !== 0) return false
    const isUnion =
      unionid === null || unionid === '' || (typeof unionid === 'string' && /^[\w-]{1,128}$/.test(unionid))
    if (!isUnion || typeof openid !== 'string' || typeof key !== 'string') return false
    return /^[\w-]{1,128}$/.test(openid) && /^[A-Za-z0-9+/]{21}[AQgw]==$/.test(key)
  } catch {
    return false
  }
}
