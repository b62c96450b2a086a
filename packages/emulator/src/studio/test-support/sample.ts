import type { Arrow, ArrowKind, Conversation, Message, Station } from '../../lib/conversation/arrow.ts'

const SERVER = 'http://127.0.0.1:8787'
const BACK_END = 'http://127.0.0.1:8790'

const STATIONS: readonly Station[] = [
  { id: 'phone:1', kind: 'mini-program', user: 'alice', device: 'phone' },
  { id: 'phone:2', kind: 'mini-program', user: 'bob', device: 'phone' },
  { id: 'wechat', kind: 'wechat' },
  { id: SERVER, kind: 'server' },
  { id: BACK_END, kind: 'back-end' },
  { id: 'operator', kind: 'operator' },
]

interface Exchange {
  kind: ArrowKind
  from: string
  to: string
  call: string
  answer: string
  status?: number
  outcome?: Arrow['outcome']
  reason?: string
  callMessage?: Message
  answerMessage?: Message
}

const json = (startLine: string, body: object, headers: Message['headers'] = []): Message => ({
  startLine,
  headers: [['Content-Type', 'application/json'], ...headers],
  body: JSON.stringify(body),
})

const LOGIN: Exchange = {
  kind: 'wx.login',
  from: 'phone:1',
  to: 'wechat',
  call: 'wx.login()',
  answer: 'code ‹code 1›',
}

const POST_LOGIN: Exchange = {
  kind: 'wx.request',
  from: 'phone:1',
  to: SERVER,
  call: 'POST /login ‹code 1›',
  answer: '200 ‹token 1›',
  status: 200,
  callMessage: json(`POST ${SERVER}/login HTTP/1.1`, { code: '‹code 1›', nonce: '‹nonce 1›' }),
  answerMessage: json('HTTP/1.1 200 OK', {
    token: '‹token 1›',
    isNew: true,
    user: { id: 'usr_1', nickname: null },
  }),
}

const EXCHANGE: Exchange = {
  kind: 'wechat',
  from: SERVER,
  to: 'wechat',
  call: 'GET /sns/jscode2session ‹code 1›',
  answer: '‹session_key 1›, openid',
  status: 200,
  callMessage: {
    startLine: 'GET /sns/jscode2session?js_code=‹code 1›&secret=‹secret 1›',
    headers: [],
    body: '',
  },
  answerMessage: json('HTTP/1.1 200 OK', { session_key: '‹session_key 1›', openid: 'oAlice' }),
}

const WHOAMI: Exchange = {
  kind: 'wx.request',
  from: 'phone:1',
  to: BACK_END,
  call: 'GET /whoami ‹token 1›',
  answer: '200 OK',
  status: 200,
}

const VERIFY: Exchange = {
  kind: 'tap',
  from: BACK_END,
  to: SERVER,
  call: 'POST /verify ‹token 1›',
  answer: '200 ok: true',
  status: 200,
}

const REFUSED: Exchange = {
  ...WHOAMI,
  answer: '401 revoked_by_admin',
  status: 401,
  outcome: 'refused',
  reason: 'revoked_by_admin',
  answerMessage: json(
    'HTTP/1.1 401 Unauthorized',
    { code: 'revoked_by_admin', class: 'signed_out', status: 401 },
    [
      [
        'WWW-Authenticate',
        'Bearer error="invalid_token", yaopai_code="revoked_by_admin", yaopai_class="signed_out"',
      ],
    ],
  ),
}

/** A recorder played back: exchanges that nest, notes, and time that passes. */
function createTape() {
  const arrows: Arrow[] = []
  let elapsedMs = 0
  let exchange = 0
  const add = (arrow: Omit<Arrow, 'seq' | 'at' | 'elapsedMs'>) => {
    const at = new Date(Date.UTC(2026, 2, 5, 8) + elapsedMs).toISOString()
    arrows.push({ seq: arrows.length + 1, at, elapsedMs, ...arrow })
  }
  return {
    arrows,
    pass: (milliseconds: number) => {
      elapsedMs += milliseconds
    },
    note: (label: string) => {
      exchange += 1
      add({ exchange, part: 'note', kind: 'control', from: 'operator', to: 'operator', label })
    },
    run(step: Exchange, within: () => void = () => {}) {
      exchange += 1
      const own = exchange
      const {
        kind,
        from,
        to,
        call,
        answer,
        status,
        outcome = 'ok',
        reason,
        callMessage,
        answerMessage,
      } = step
      add({ exchange: own, part: 'call', kind, from, to, label: call, message: callMessage })
      elapsedMs += 6
      within()
      elapsedMs += 9
      add({
        exchange: own,
        part: 'answer',
        kind,
        from: to,
        to: from,
        label: answer,
        status,
        outcome,
        reason,
        message: answerMessage,
      })
    },
  }
}

/** A login, a visit, an administrator who ends it, and three ways in which an answer can miss. */
export function sampleConversation(): Conversation {
  const tape = createTape()
  tape.run(LOGIN)
  tape.pass(20)
  tape.run(POST_LOGIN, () => tape.run(EXCHANGE))
  tape.pass(12)
  tape.run(WHOAMI, () => tape.run(VERIFY))
  tape.pass(4200)
  tape.note('the session of alice was ended by an admin')
  tape.pass(900)
  tape.run(REFUSED, () =>
    tape.run({ ...VERIFY, answer: '200 revoked_by_admin', outcome: 'refused', reason: 'revoked_by_admin' }),
  )
  tape.pass(600)
  tape.run({ ...LOGIN, from: 'phone:2', answer: 'code ‹code 2›' })
  tape.run(
    {
      ...POST_LOGIN,
      from: 'phone:2',
      call: 'POST /login ‹code 2›',
      answer: 'the answer was lost',
      outcome: 'lost',
    },
    () =>
      tape.run({
        ...EXCHANGE,
        call: 'GET /sns/jscode2session ‹code 2›',
        answer: '-1 system error',
        outcome: 'failed',
        reason: '-1',
      }),
  )
  return { stations: STATIONS, arrows: tape.arrows, dropped: 0 }
}
