import { setTimeout as sleep } from 'node:timers/promises'
import { judge } from '../judge.ts'
import type { Scenario } from '../scenario.ts'
import { createWorld } from '../world.ts'

export const kill: Scenario = {
  name: 'kill',
  row: 'R01',
  fault: 'kill -9 at a random moment under load, again and again',
  promise: 'all or nothing; ready again within 2 s, without repair',
  how: 'SIGKILL while eight clients log in, ask and log out; a new process on the same file',
  async run(round) {
    const world = await createWorld(round)
    await world.start()
    const load = world.load({ logins: 60 })
    let readyMs = 0
    const kills = round.isLong ? 25 : 2
    for (let turn = 0; turn < kills; turn += 1) {
      if (turn % 5 === 4) round.say(`kill ${turn + 1} of ${kills}`)
      await sleep(round.draw.whole(50, 600))
      world.history.mark('fault.begun', 'kill')
      await world.server().kill()
      const sinceMs = performance.now()
      await world.start()
      readyMs = Math.max(readyMs, performance.now() - sinceMs)
      world.history.mark('fault.ended', 'kill')
    }
    await sleep(200)
    await load.stop()
    return judge(world, { figures: { kills, 'ready again, at most (ms)': Math.round(readyMs) } })
  },
}
