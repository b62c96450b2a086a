import { setTimeout as sleep } from 'node:timers/promises'
import { countOf, judge } from '../judge.ts'
import type { Scenario } from '../scenario.ts'
import { createWorld, type World } from '../world.ts'
import { logInAgain, PATH, unansweredQuestions } from './slow-wechat.ts'

const CLIENTS = 8
/** Failures in a row that open the breaker, and the exchanges that were under way beside them. */
const UNTIL_OPEN = 5 + CLIENTS

/** What is WeChat's or the app's trouble counts for the breaker; what is a user's or a code's does not. */
const ANSWERS: readonly { readonly fault: Record<string, number>; readonly isStorm: boolean }[] = [
  { fault: { errcode: -1 }, isStorm: true },
  { fault: { errcode: 45009 }, isStorm: true },
  { fault: { status: 502 }, isStorm: true },
  { fault: { errcode: 45011 }, isStorm: false },
  { fault: { errcode: 40226 }, isStorm: false },
  { fault: { errcode: 50002 }, isStorm: false },
  { fault: { errcode: 40029 }, isStorm: false },
  { fault: { errcode: 40163 }, isStorm: false },
]

export const wechatErrors: Scenario = {
  name: 'wechat-errors',
  row: 'R09',
  fault: 'WeChat answers 5xx, −1, 45009, 45011, 40226, 50002, 40029 and 40163',
  promise:
    'no session comes of it, no code is exchanged twice, WeChat in trouble gets one probe a second, sessions validate',
  how: 'the emulator gives each answer for a while, under load; then what it was asked is counted',
  async run(round) {
    const world = await createWorld(round)
    await world.start()
    for (let turn = 0; turn < 5; turn += 1) await world.login()
    const load = world.load({ clients: CLIENTS, logins: 30 })
    const totals = { stormCalls: 0, stormSeconds: 0, sessions: 0 }
    const broken: string[] = []
    for (const { fault, isStorm } of ANSWERS) {
      const name = JSON.stringify(fault)
      world.history.mark('fault.begun', name)
      world.rig.emulator.addFault({ path: PATH, ...fault })
      await untilAsked(world)
      const [calls, sessions, sinceMs] = [callsOf(world), world.sessions.length, performance.now()]
      await sleep(round.isLong ? 8_000 : 300)
      const seconds = (performance.now() - sinceMs) / 1_000
      const made = callsOf(world) - calls
      totals.sessions += world.sessions.length - sessions
      world.rig.emulator.clearFaults()
      world.history.mark('fault.ended', name)
      if (isStorm) {
        totals.stormCalls += made
        totals.stormSeconds += seconds
        if (made > UNTIL_OPEN + Math.ceil(seconds))
          broken.push(`${name}: WeChat was asked ${made} times in ${seconds} s`)
      }
      await logInAgain(world)
    }
    await load.stop()
    const failed = unansweredQuestions(world)
    if (failed > 0) broken.push(`${failed} questions were not answered`)
    if (totals.sessions > 0) broken.push(`${totals.sessions} sessions came of errors`)
    const [asked, exchanged] = [countOf(world, 'login').asked, callsOf(world)]
    if (exchanged > asked) broken.push(`${exchanged} exchanges were made for ${asked} codes`)
    const figures = {
      'sessions from errors': totals.sessions,
      codes: asked,
      'exchanges with WeChat': exchanged,
      'exchanges in storms, for each second': Math.round((10 * totals.stormCalls) / totals.stormSeconds) / 10,
      'failed questions': failed,
    }
    return judge(world, { broken, figures })
  },
}

/** One that was under way may still bring what WeChat said before. */
async function untilAsked(world: World): Promise<void> {
  const before = callsOf(world)
  const untilMs = performance.now() + 5_000
  while (callsOf(world) < before + CLIENTS && performance.now() < untilMs) await sleep(10)
}

function callsOf({ rig }: World): number {
  return rig.emulator.calls().at(-1)?.seq ?? 0
}
