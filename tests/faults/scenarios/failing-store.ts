import { setTimeout as sleep } from 'node:timers/promises'
import { startEmulator } from '@yaopai/wechat-emulator'
import { createMemoryStore, newMasterKey, startYaopai } from 'yaopai'
import { StoreUnavailableError } from '../../../packages/server/src/lib/errors.ts'
import type { Store } from '../../../packages/server/src/lib/store/store.ts'
import { checkHistory } from '../../histories/check.ts'
import { openHistory } from '../../histories/history.ts'
import { createFaultClient, type Session } from '../client.ts'
import { inTurns } from '../judge.ts'
import { NOTHING, type Outcome, type Round, type Scenario } from '../scenario.ts'

const APPID = 'wx00000000000000a1'
const SECRET = '0123456789abcdef0123456789abcdef'

export const failingStore: Scenario = {
  name: 'failing-store',
  row: 'R03',
  fault: 'the store fails one time in a hundred, then every time',
  promise: '503 for those requests, never an answer by default; afterwards all is as it was',
  how: 'a store that rejects each call with a probability of 1 % and of 100 %, under load',
  run: (round) => withFailingStore(round, () => new StoreUnavailableError(new Error('injected')), 503),
}

export const throwingStore: Scenario = {
  name: 'throwing-store',
  row: 'R33',
  fault: 'a call throws what nobody expects, one time in a hundred, then every time',
  promise: '500 for that request alone; others are unharmed, the process lives',
  how: 'a store whose calls throw a TypeError with a probability of 1 % and of 100 %, under load',
  run: (round) => withFailingStore(round, () => new TypeError('injected'), 500),
}

async function withFailingStore(round: Round, fault: () => Error, status: number): Promise<Outcome> {
  const injected = { probability: 0, count: 0 }
  const wechat = await startEmulator()
  round.after(() => wechat.close())
  wechat.putApp(APPID, { secret: SECRET })
  const yaopai = await startYaopai({
    apps: [{ appid: APPID, secret: SECRET, policy: { maxSessions: 1_000 } }],
    masterKey: newMasterKey('k1'),
    store: failing(createMemoryStore(), round, injected, fault),
    wechatApiBase: wechat.url,
    insecureEmulator: true,
    port: 0,
    internalPort: 0,
    loginLimitPerIp: 1_000_000,
  })
  round.after(() => yaopai.close())
  const history = openHistory()
  const client = createFaultClient({ history, url: () => yaopai.publicUrl })
  const sessions: Session[] = []
  const turn = async () => {
    const dice = round.draw.whole(0, 99)
    const session = sessions.length === 0 ? null : round.draw.pick(sessions)
    if (session === null || dice < 30) {
      const made = await client.login(
        wechat.login({ appid: APPID, user: `u${round.draw.whole(1, 500)}` }).code,
      )
      if (made !== null) sessions.push(made)
    } else if (dice < 40 && !session.isEnded) await client.revoke(session)
    else await client.validate(session)
  }
  const phases = [0, 0.01, 1, 0.01, 0]
  for (const probability of phases) {
    injected.probability = probability
    history.mark(probability > 0 ? 'fault.begun' : 'fault.ended', String(probability))
    await inTurns(
      Array.from({ length: round.isLong ? 2_000 : 150 }, (_, at) => at),
      8,
      turn,
    )
  }
  history.mark('recovered', 'the store is well again')
  await sleep(1)
  await inTurns(sessions, 8, (session) => client.validate(session))
  history.close()
  const verdict = checkHistory(history.lines)
  const failures = history.lines.flatMap((line) =>
    'outcome' in line && line.outcome === 'unknown' ? [line] : [],
  )
  const others = failures.filter(({ reason }) => !reason?.startsWith(String(status)))
  const broken = [
    ...verdict.violations.map(({ rule, what }) => `(${rule}) ${what}`),
    ...others.map(({ kind, reason }) => `${kind}: ${reason} in place of ${status}`),
    ...(injected.count === 0 ? ['nothing was injected'] : []),
  ]
  return {
    ...NOTHING,
    ops: verdict.ops,
    acked: verdict.acked,
    lost: verdict.lost,
    wronglyAccepted: verdict.wronglyAccepted,
    unknown: verdict.unknown,
    longestUnavailabilityMs: Math.round(verdict.longestUnavailabilityMs),
    recoveryMs: null,
    broken,
    figures: { 'calls that failed': injected.count, [`answers with ${status}`]: failures.length },
  }
}

function failing(
  store: Store,
  round: Round,
  injected: { probability: number; count: number },
  fault: () => Error,
): Store {
  return new Proxy(store, {
    get(target, name, receiver) {
      const method: unknown = Reflect.get(target, name, receiver)
      if (typeof method !== 'function' || name === 'close') return method
      return async (...args: unknown[]) => {
        if (!round.draw.chance(injected.probability)) return Reflect.apply(method, target, args)
        injected.count += 1
        throw fault()
      }
    },
  })
}
