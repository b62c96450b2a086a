import type { Page } from '../conversation/recorder.ts'
import type { Operations } from '../operations.ts'
import type { PhoneIdentity } from '../proxy/envelope.ts'
import { clockSchema, InputError, parse } from '../state/schemas.ts'

export interface ControlRoute {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** `{name}` stands for one path segment. */
  path: string
  does: string
  /** Body to send, as an example; none where the route takes none. */
  sample?: string
  run(operations: Operations, body: unknown, name: string, asked: Asked): object
}

/** What a request says beside its body. */
export interface Asked {
  query: URLSearchParams
  /** The phone that asks, where one does. */
  phone: PhoneIdentity | undefined
}

/** What is served under `/_emulator` and is no JSON. */
export const OTHER_ROUTES = [
  {
    method: 'GET',
    path: '/_emulator/conversation/stream',
    does: 'the conversation as it happens (server-sent events)',
  },
  {
    method: 'GET',
    path: '/_emulator/conversation.txt',
    does: 'the conversation as text; ?format=mermaid as a diagram',
  },
  {
    method: 'POST',
    path: '/_emulator/phone/send',
    does: "a request of the browser's phone, sent on its way",
  },
  {
    method: 'ANY',
    path: '/_emulator/tap/{name}/…',
    does: 'a request to what the tap stands before, sent on and shown',
  },
  {
    method: 'GET',
    path: '/_emulator/dev',
    does: "what the back end's /_dev offers (start with --dev)",
  },
  {
    method: 'POST',
    path: '/_emulator/dev/clock',
    does: "moves the back end's time on, as any other route of its /_dev",
    sample: '{"advanceSeconds":300}',
  },
] as const

const PAIR = '{"appid":"wxa1b2c3d4e5f60718","user":"alice"}'
const ok = { ok: true }

/** The whole control interface, in the order of the README. */
export const CONTROL_ROUTES: readonly ControlRoute[] = [
  {
    method: 'GET',
    path: '/_emulator',
    does: 'lists these routes',
    run: () => ({
      routes: [
        ...CONTROL_ROUTES.map(({ method, path, does, sample }) => ({ method, path, does, sample })),
        ...OTHER_ROUTES,
      ],
    }),
  },
  {
    method: 'POST',
    path: '/_emulator/reset',
    does: 'back to the state it started with; no faults, no calls',
    run: (operations) => {
      operations.reset()
      return ok
    },
  },
  {
    method: 'PUT',
    path: '/_emulator/apps/{appid}',
    does: 'makes or replaces an app',
    sample: '{"secret":"…","openPlatform":"default","ipAllowList":["127.0.0.1"],"frozen":false}',
    run: (operations, body, appid) => {
      operations.putApp(appid, body)
      return ok
    },
  },
  {
    method: 'PUT',
    path: '/_emulator/users/{id}',
    does: 'makes or replaces a user',
    sample: '{"nickname":"Alice","phone":"13800000000","avatarUrl":"https://…","risk":false}',
    run: (operations, body, id) => {
      operations.putUser(id, body ?? {})
      return ok
    },
  },
  {
    method: 'POST',
    path: '/_emulator/wx/login',
    does: 'what wx.login does: a fresh code',
    sample: PAIR,
    run: (operations, body, _name, { phone }) => operations.login(body, phone),
  },
  {
    method: 'POST',
    path: '/_emulator/wx/check-session',
    does: 'what wx.checkSession does',
    sample: PAIR,
    run: (operations, body, _name, { phone }) => operations.checkSession(body, phone),
  },
  {
    method: 'POST',
    path: '/_emulator/wx/phone-code',
    does: 'what a tap on the phone button hands to a page',
    sample: PAIR,
    run: (operations, body, _name, { phone }) => operations.phoneCode(body, phone),
  },
  {
    method: 'POST',
    path: '/_emulator/wx/open-data',
    does: 'what wx.getUserInfo and its like hand to a page; kind: userInfo, userProfile, phone, weRun, groupShare',
    sample: PAIR,
    run: (operations, body, _name, { phone }) => operations.openData(body, phone),
  },
  {
    method: 'GET',
    path: '/_emulator/clock',
    does: 'the virtual time',
    run: (operations) => clockAnswer(operations),
  },
  {
    method: 'POST',
    path: '/_emulator/clock',
    does: 'moves the virtual time on',
    sample: '{"advanceSeconds":300}',
    run: (operations, body) => {
      operations.advanceClock(parse(clockSchema, body, '{"advanceSeconds":300}').advanceSeconds)
      return clockAnswer(operations)
    },
  },
  {
    method: 'POST',
    path: '/_emulator/session-keys/rotate',
    does: 'a new session_key for the pair; the old one is dead',
    sample: PAIR,
    run: (operations, body) => {
      operations.rotateSessionKey(body)
      return ok
    },
  },
  {
    method: 'POST',
    path: '/_emulator/session-keys/expire',
    does: 'the pair has no living session_key any more',
    sample: PAIR,
    run: (operations, body) => {
      operations.expireSessionKey(body)
      return ok
    },
  },
  {
    method: 'GET',
    path: '/_emulator/settings',
    does: 'the settings',
    run: (operations) => operations.settings(),
  },
  {
    method: 'PUT',
    path: '/_emulator/settings',
    does: 'changes the given settings, leaves the others',
    sample: '{"sessionKeyMinRefreshSeconds":0}',
    run: (operations, body) => operations.setSettings(body),
  },
  {
    method: 'POST',
    path: '/_emulator/faults',
    does: 'makes calls to a WeChat path go wrong',
    sample: '{"path":"/sns/jscode2session","times":1,"errcode":-1}',
    run: (operations, body) => {
      const warning = operations.addFault(body)
      return warning === null ? ok : { ok: true, warning }
    },
  },
  {
    method: 'DELETE',
    path: '/_emulator/faults',
    does: 'no more faults',
    run: (operations) => {
      operations.clearFaults()
      return ok
    },
  },
  {
    method: 'GET',
    path: '/_emulator/calls',
    does: "what reached WeChat's paths, newest last, secrets masked",
    run: (operations) => ({ calls: operations.calls() }),
  },
  {
    method: 'GET',
    path: '/_emulator/conversation',
    does: 'who said what to whom, secrets masked; ?after=SEQ&limit=N',
    run: (operations, _body, _name, { query }) => operations.conversation(pageOf(query)),
  },
  {
    method: 'DELETE',
    path: '/_emulator/conversation',
    does: 'forgets the conversation so far',
    run: (operations) => {
      operations.clearConversation()
      return ok
    },
  },
  {
    method: 'GET',
    path: '/_emulator/conversation/secrets',
    does: 'the values behind the names in it; AppSecrets, API keys and passwords never',
    run: (operations) => ({ secrets: operations.conversationSecrets() }),
  },
  {
    method: 'GET',
    path: '/_emulator/state',
    does: 'everything it remembers, with secrets and session_keys: treat it as one',
    run: (operations) => operations.exportState(),
  },
  {
    method: 'PUT',
    path: '/_emulator/state',
    does: 'replaces everything it remembers; what is left out is empty or default',
    sample: '{"apps":{"wxa1b2c3d4e5f60718":{"secret":"…"}},"users":{"alice":{}}}',
    run: (operations, body) => {
      operations.importState(body)
      return ok
    },
  },
]

function clockAnswer(operations: Operations): object {
  const nowMs = operations.nowMs()
  return { now: new Date(nowMs).toISOString(), nowMs }
}

function countIn(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name)
  if (text === null) return undefined
  if (/^\d{1,15}$/.test(text)) return Number(text)
  throw new InputError(name, 'is no number from 0', `such as ?${name}=100`)
}

function pageOf(query: URLSearchParams): Page {
  return { after: countIn(query, 'after'), limit: countIn(query, 'limit') }
}

const escapeRegExp = (text: string) => text.replace(/[.*+?^$()|[\]\\]/g, '\\$&')

const PATTERNS = CONTROL_ROUTES.map((route) => ({
  route,
  pattern: new RegExp(`^${escapeRegExp(route.path).replace(/\{\w+\}/, '([^/]+)')}$`),
}))

/** The routes of a path, whatever their method, and the raw (still encoded) name in it. */
export function findRoutes(path: string): { routes: ControlRoute[]; rawName: string } {
  const hits = PATTERNS.flatMap(({ route, pattern }) => {
    const match = pattern.exec(path)
    return match ? [{ route, rawName: match[1] ?? '' }] : []
  })
  return { routes: hits.map((hit) => hit.route), rawName: hits[0]?.rawName ?? '' }
}
