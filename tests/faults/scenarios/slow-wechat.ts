import { setTimeout as sleep } from 'node:timers/promises'
import { countOf, judge, slowestMs } from '../judge.ts'
import type { Scenario } from '../scenario.ts'
import { createWorld, type World } from '../world.ts'

export const PATH = '/sns/jscode2session'

export const slowWechat: Scenario = {
  name: 'slow-wechat',
  row: 'R08',
  fault: 'WeChat answers slowly, not at all, or wrongly',
  promise: 'sessions validate as ever; a login is answered within 5 s; no session comes of it',
  how: 'the emulator delays by 1, 2.9 and 10 s, resets, and answers HTML, under load',
  async run(round) {
    const world = await createWorld(round)
    await world.start()
    for (let turn = 0; turn < 10; turn += 1) await world.login()
    const load = world.load({ clients: 12, logins: 15 })
    await sleep(300)
    const faults = [
      { delayMs: 1_000 },
      { delayMs: 2_900 },
      { delayMs: 10_000 },
      { reset: true },
      { body: '<html>busy</html>', contentType: 'text/html' },
    ]
    for (const fault of faults) {
      world.history.mark('fault.begun', JSON.stringify(fault))
      world.rig.emulator.addFault({ path: PATH, ...fault })
      await sleep(round.isLong ? 8_000 : 500)
      world.rig.emulator.clearFaults()
      world.history.mark('fault.ended', JSON.stringify(fault))
      if (round.isLong) await logInAgain(world)
    }
    await sleep(round.isLong ? 1_500 : 100)
    await load.stop()
    const failed = unansweredQuestions(world)
    const broken = failed === 0 ? [] : [`${failed} questions were not answered while WeChat was slow`]
    return judge(world, {
      broken,
      figures: { 'slowest login (ms)': slowestMs(world, 'login'), 'failed questions': failed },
    })
  },
}

/** The breaker lets one login a second try: so it is seen how soon after each fault they go through again. */
export async function logInAgain(world: World): Promise<void> {
  const before = world.sessions.length
  for (let turn = 0; turn < 10 && world.sessions.length === before; turn += 1) {
    await sleep(500)
    await world.login()
  }
}

/** A session that somebody had ended is refused, and that is an answer. */
export function unansweredQuestions(world: World): number {
  const { asked, ok, refused } = countOf(world, 'validate')
  return asked - ok - refused
}
