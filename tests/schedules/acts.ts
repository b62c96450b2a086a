import { type CallRecord, type CallStart, callbacksOf, listen } from './calls.ts'
import type { Thenable } from './own-promise.ts'
import { addressOf } from './places.ts'
import type { Stage } from './play.ts'
import type { Act, ActOf, Style } from './story.ts'

type Doers = { readonly [Name in Act['do']]: (stage: Stage, act: ActOf<Name>) => void }

/** Does one thing of a story. */
export function perform(stage: Stage, act: Act): void {
  stage.note(() => `${JSON.stringify(act)}`)
  const doer = DOERS[act.do] as (stage: Stage, act: Act) => void
  doer(stage, act)
}

const DOERS: Doers = {
  request(stage, act) {
    for (let count = 0; count < act.times; count += 1) request(stage, act)
  },
  upload: (stage) => file(stage, 'upload'),
  download: (stage) => file(stage, 'download'),
  connect: (stage) => file(stage, 'connect'),
  ready: (stage) => call(stage, { what: 'ready()', mustSucceed: true }, ({ yaopai }) => yaopai.ready()),
  login(stage) {
    stage.oracle.onAppLogin()
    call(stage, { what: 'login()', mustSucceed: true }, ({ yaopai }) => yaopai.login())
  },
  logout(stage) {
    stage.oracle.onTrouble()
    call(stage, { what: 'logout()' }, ({ yaopai }) => {
      const done = yaopai.logout()
      stage.oracle.onAppLogout(stage.app)
      return done
    })
  },
  refreshUser: (stage) =>
    call(stage, { what: 'refreshUser()', mustSucceed: true }, ({ yaopai }) => yaopai.refreshUser()),
  ownWrapper: (stage) => ownWrapper(stage),
  openData: (stage) =>
    call(stage, { what: 'openData()', mustSucceed: true }, ({ yaopai }) =>
      yaopai.openData(() => ({ encryptedData: `key-${stage.phone.key}`, iv: 'iv' })),
    ),
  prepareOpenData: (stage) =>
    call(stage, { what: 'prepareOpenData()', mustSucceed: true }, ({ yaopai }) => yaopai.prepareOpenData()),
  bindPhone: (stage) =>
    call(stage, { what: 'bindPhone()', mustSucceed: true }, ({ yaopai }) =>
      yaopai.bindPhone({ detail: { code: 'phone-code', errMsg: 'getPhoneNumber:ok' } }),
    ),
  background(stage) {
    const { app, world, phone, oracle } = stage
    oracle.onTrouble()
    if (isInBackground.has(app)) return
    const cancel = world.after(5000, () => {
      app.isCutOff = true
      phone.network.cutOff(app.life)
      world.after(50, () => {
        app.life.frozen = isInBackground.has(app)
      })
    })
    isInBackground.set(app, cancel)
  },
  backgroundStalled(stage) {
    stage.phone.network.stall(stage.app.life)
    DOERS.background(stage, { do: 'background' })
    stage.world.pass(5100)
  },
  foreground: (stage) => comeBack(stage),
  restart: (stage) => stage.restart(),
  killInBackground(stage) {
    DOERS.background(stage, { do: 'background' })
    stage.world.pass(20_000)
    stage.restart()
  },
  pass(stage, { forMs }) {
    stage.world.pass(forMs)
    if (forMs > 86_400_000) stage.oracle.onDeath()
  },
  end(stage, { reason }) {
    stage.server.sessions.endAll(reason)
    if (reason === 'replaced') stage.oracle.onDeath()
    else stage.oracle.onTrouble()
  },
  ban(stage) {
    stage.server.sessions.setBanned(true)
    stage.oracle.onTrouble()
  },
  unban: (stage) => stage.server.sessions.setBanned(false),
  forgetSessions(stage) {
    stage.server.sessions.forget()
    stage.oracle.onDeath()
  },
  expireKey(stage) {
    stage.oracle.onDeath()
    stage.phone.isKeyGood = false
    stage.phone.key += 1
  },
  mood(stage, { mood, forMs }) {
    stage.server.setMood(mood, stage.world.nowMs() + forMs)
    stage.oracle.onTrouble()
  },
  lose(stage, { way, times, silently }) {
    stage.phone.network.lose(way, times, silently)
    stage.oracle.onTrouble()
  },
  offline(stage, { forMs }) {
    stage.phone.network.offlineUntil(stage.world.nowMs() + forMs)
    stage.oracle.onTrouble()
  },
  loginFails(stage, { times, silently }) {
    if (silently) stage.phone.loginSilences += times
    else stage.phone.loginFailures += times
    stage.oracle.onTrouble()
  },
  storage(stage, { state }) {
    stage.phone.storage.become(state)
    stage.oracle.onStorageTrouble()
  },
  wipeStorage(stage) {
    stage.phone.storage.wipe()
    stage.oracle.onStorageTrouble()
  },
  corruptStorage(stage, act) {
    stage.phone.storage.corrupt(act.with)
    stage.oracle.onStorageTrouble()
  },
  setClock(stage, { skewMs }) {
    stage.skewMs = skewMs
    stage.oracle.onClockJump()
  },
}

const isInBackground = new WeakMap<object, () => void>()

function comeBack({ app, world }: Stage): void {
  isInBackground.get(app)?.()
  isInBackground.delete(app)
  app.isCutOff = false
  app.life.frozen = false
  world.thaw(app.life)
}

/** Calls the client, and notes what comes of it. */
function call(
  stage: Stage,
  start: CallStart,
  begin: (app: Stage['app'], record: CallRecord) => unknown,
): void {
  const { oracle, world, app } = stage
  const record: CallRecord = {
    number: oracle.calls.length,
    life: app.life,
    beganAtMs: world.nowMs(),
    isIdempotent: true,
    mustSucceed: false,
    deathsBefore: oracle.deaths(),
    hasPromise: true,
    hasCallbacks: false,
    sends: 0,
    refusedTokens: new Set(),
    settled: 0,
    succeeded: 0,
    failed: 0,
    completed: 0,
    outcome: null,
    status: 0,
    error: null,
    ...start,
  }
  oracle.calls.push(record)
  oracle.onAppCall(record.what, /login|penData/.test(record.what))
  try {
    const promise = begin(app, record) as Thenable
    if (record.hasPromise) listen(record, promise, () => noteEnd(stage, record))
  } catch (error) {
    oracle.complain(`[2] ${record.what} threw ${String(error)}`)
  }
}

function noteEnd({ note }: Stage, { number, what, outcome, status, error }: CallRecord): void {
  note(
    () =>
      `call ${number}, ${what}, is ${outcome} ${status === 0 ? '' : status} ${error === null ? '' : String(error)}`,
  )
}

const FOREIGN = /^(own-port-443|stranger|suffix|user-part|other-port|plain-http|backslash)$/

function request(stage: Stage, act: ActOf<'request'>): void {
  const { method, place, style, idempotent, auth, timeoutMs, abortAfterMs } = act
  const isHurried = timeoutMs !== undefined || abortAfterMs !== undefined
  const isIdempotent = idempotent ?? method === 'GET'
  const start: CallStart = {
    what: `${method} ${place}`,
    isIdempotent,
    mustSucceed: isIdempotent && !isHurried && !FOREIGN.test(place) && style !== 'success alone',
    hasPromise: style === 'promise' || style === 'both',
    hasCallbacks: style === 'callbacks' || style === 'both',
  }
  call(stage, start, ({ yaopai }, record) => {
    const path = `/${auth === false ? 'public' : 'orders'}?call=${record.number}`
    const promise = yaopai.request({
      url: addressOf(place, path),
      method,
      ...(idempotent === undefined ? {} : { idempotent }),
      ...(auth === undefined ? {} : { auth }),
      ...(timeoutMs === undefined ? {} : { timeout: timeoutMs }),
      ...callbacksIn(
        style,
        callbacksOf(record, () => noteEnd(stage, record)),
      ),
    })
    if (abortAfterMs !== undefined) stage.world.after(abortAfterMs, () => promise.abort(), stage.app.life)
    return promise
  })
}

/** Who gives `success` alone hears of no failure, and neither may the app's handler of forgotten rejections. */
function callbacksIn(style: Style, all: ReturnType<typeof callbacksOf>): Partial<typeof all> {
  if (style === 'promise') return {}
  return style === 'success alone' ? { success: all.success } : all
}

function file(stage: Stage, what: 'upload' | 'download' | 'connect'): void {
  const start: CallStart = { what: `${what}()`, isIdempotent: what !== 'upload', mustSucceed: false }
  call(stage, start, ({ yaopai }, { number }) => {
    const url = `/files?call=${number}`
    if (what === 'upload') return yaopai.upload({ url, filePath: 'wxfile://1', name: 'file' })
    if (what === 'download') return yaopai.download({ url })
    return yaopai.connect({ url: `wss://api.example.com${url}` })
  })
}

/** A wrapper that a team has already: its own `wx.request`, with `token()` and `handle401()`. */
function ownWrapper(stage: Stage): void {
  call(stage, { what: 'own wrapper' }, ({ yaopai, wx, OwnPromise }, { number }) => {
    const send = (token: string | null) =>
      new OwnPromise((resolve, reject) => {
        const header = token === null ? {} : { Authorization: `Bearer ${token}` }
        const url = `https://api.example.com/orders?call=${number}&wrapper`
        const done = (wx['request'] as (options: object) => Thenable | undefined)({
          url,
          header,
          success: resolve,
          fail: () => reject(lost()),
        })
        if (stage.story.wx === 'taro') done?.then(undefined, () => {})
      })
    const ready = OwnPromise.resolve(yaopai.ready())
    return ready.then(() => {
      const token = yaopai.token()
      return send(token).then((answer) => {
        if (Object(answer).statusCode !== 401) return answer
        stage.oracle.onShown(number)
        const again = OwnPromise.resolve(yaopai.handle401(answer as { statusCode: number }, token))
        return again.then((isAgain) => (isAgain === true ? send(yaopai.token()) : answer))
      })
    })
  })
}

function lost(): Error {
  return Object.assign(new Error('lost'), {
    name: 'YaopaiError',
    code: 'network',
    class: 'retry',
    errMsg: 'lost',
  })
}
