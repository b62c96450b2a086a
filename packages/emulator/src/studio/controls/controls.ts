import { talk } from '../conversation/talk.ts'
import { appidInUse, lookForProgram } from '../phones/phones.ts'
import { createStore } from '../store.ts'
import { type Answer, ask } from './ask.ts'
import { setClock } from './clock.ts'
import { faultOf, type Times, TROUBLES, type TroubleName } from './troubles.ts'

export interface Controls {
  /** What WeChat suffers from, so far as it was set here. */
  trouble: { name: TroubleName; times: Times; since: number } | null
  times: Times
  /** Whether the server lets itself be moved; `why` of its refusal. */
  dev: { isThere: boolean | null; why: string; cure: string }
  /** What went wrong last, in the emulator's words. */
  problem: string
}

export const controls = createStore<Controls>({
  trouble: null,
  times: null,
  dev: { isThere: null, why: '', cure: '' },
  problem: '',
})

function report(answer: Answer): Answer {
  controls.set({ problem: answer.ok ? '' : [answer.message, answer.cure].filter(Boolean).join(': ') })
  return answer
}

async function tell(method: string, path: string, body?: object): Promise<Answer> {
  return report(await ask(method, `/_emulator${path}`, body))
}

export async function lookForDev(): Promise<void> {
  const answer = await ask('GET', '/_emulator/dev')
  controls.set({
    dev: answer.ok
      ? { isThere: true, why: '', cure: '' }
      : { isThere: false, why: answer.message, cure: answer.cure },
  })
}

export async function setTrouble(name: TroubleName, times: Times): Promise<void> {
  const trouble = TROUBLES.find((candidate) => candidate.name === name)
  if (trouble === undefined) return
  await ask('DELETE', '/_emulator/faults')
  const { ok } = await tell('POST', '/faults', faultOf(trouble, times))
  if (ok) controls.set({ trouble: { name, times, since: talk.get().arrows.at(-1)?.seq ?? 0 } })
}

export async function clearTrouble(): Promise<void> {
  if ((await tell('DELETE', '/faults')).ok) controls.set({ trouble: null })
}

export async function changeSessionKey(user: string, change: 'rotate' | 'expire'): Promise<Answer> {
  return tell('POST', `/session-keys/${change}`, { appid: appidInUse(), user })
}

/** The emulator's time and, where it lets itself be moved, the server's. */
export async function letTimePass(advanceSeconds: number): Promise<void> {
  if (controls.get().dev.isThere === null) await lookForDev()
  const answer = await tell('POST', '/clock', { advanceSeconds })
  if (!answer.ok) return
  setClock(Number(Object(answer.value).nowMs))
  if (controls.get().dev.isThere) await tell('POST', '/dev/clock', { advanceSeconds })
}

export function endSession(
  user: string,
  as: 'user' | 'admin',
  which: 'newest' | 'all' = 'newest',
): Promise<Answer> {
  return tell('POST', '/dev/sessions/end', { appid: appidInUse(), user, as, which })
}

export function setBan(user: string, isBanned: boolean): Promise<Answer> {
  return tell('POST', `/dev/users/${isBanned ? 'ban' : 'unban'}`, { appid: appidInUse(), user })
}

/** The emulator as it started. The server behind it keeps what it knows. */
export async function resetAll(): Promise<void> {
  await tell('POST', '/reset')
  controls.set({ trouble: null })
  await lookForProgram()
}
