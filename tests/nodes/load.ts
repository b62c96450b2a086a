import { monotonicMs } from '../histories/history.ts'
import { BOUND_MS } from '../histories/rules.ts'
import { type Badge, type Recorder, untilMs } from './recorder.ts'

/** Between two requests of one asker: the nodes shall be busy, not the machine. */
const PAUSE_MS = 20
const USERS = 4
/** Far fewer than a user may have, or the server would end some by itself. */
const MOST_LIVING = 5

/** People on all nodes at once: who is in asks who they are, while others log in and end sessions. */
export interface Load {
  readonly living: Badge[]
  readonly ended: Badge[]
  /** So many turns, one after another: two logins each, and as many ends. */
  act(turns: number): Promise<void>
  /** The askers go on until then. */
  stop(): Promise<void>
  /** Everybody asks every node once more, when all of it holds everywhere. */
  askAll(): Promise<void>
}

export function startLoad(recorder: Recorder, names: readonly string[]): Load {
  const living: Badge[] = []
  const ended: Badge[] = []
  let isOver = false
  let turn = 0
  const ask = async (node: string, place: number) => {
    for (let n = place; !isOver; n += 1) {
      const all = [...living, ...ended.slice(-5)]
      const badge = all[n % Math.max(1, all.length)]
      if (badge !== undefined) await recorder.validate(node, badge)
      await untilMs(monotonicMs() + PAUSE_MS)
    }
  }
  const asking = names.map(ask)
  const endOldest = async (node: string) => {
    const one = living.shift()
    if (one === undefined) return
    const holder = living.find(({ user }) => user === one.user)
    if (ended.length % 2 === 0 || holder === undefined) await recorder.logout(node, one)
    else await recorder.endOther(node, holder, one)
    ended.push(one)
  }
  const actOnce = async () => {
    const node = names[turn % names.length] ?? ''
    const user = `user-${turn % USERS}`
    turn += 1
    for (const badge of [await recorder.login(node, user), await recorder.login(node, user)])
      if (badge !== null) living.push(badge)
    while (living.length > MOST_LIVING) await endOldest(node)
  }
  return {
    living,
    ended,
    async act(turns) {
      for (let n = 0; n < turns; n += 1) await actOnce()
    },
    async stop() {
      isOver = true
      await Promise.all(asking)
    },
    async askAll() {
      await untilMs(monotonicMs() + BOUND_MS)
      for (const badge of [...living, ...ended])
        await Promise.all(names.map((node) => recorder.validate(node, badge)))
    },
  }
}
