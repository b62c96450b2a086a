import { setTimeout as sleep } from 'node:timers/promises'
import { judge } from '../judge.ts'
import type { Scenario } from '../scenario.ts'
import { createWorld } from '../world.ts'

export const stopped: Scenario = {
  name: 'stopped',
  row: 'R14',
  fault: 'the process is stopped and continued (SIGSTOP), and its event loop is held up',
  promise: 'nothing acknowledged is lost, nothing that was ended is accepted on waking',
  how: 'SIGSTOP for 1 to 3 s and a loop that blocks for 1 s, under load, again and again',
  async run(round) {
    const plant = new URL('../plant-stall.mjs', import.meta.url).href
    const world = await createWorld(round)
    const server = await world.start({ env: { NODE_OPTIONS: `--import=${plant}` } })
    const load = world.load({ logouts: 15 })
    const stops = round.isLong ? 10 : 1
    for (let turn = 0; turn < stops; turn += 1) {
      await sleep(round.draw.whole(100, 500))
      world.history.mark('fault.begun', 'stop')
      server.signal('SIGSTOP')
      await sleep(round.draw.whole(1_000, round.isLong ? 3_000 : 1_200))
      server.signal('SIGCONT')
      world.history.mark('fault.ended', 'stop')
      await sleep(300)
      world.history.mark('fault.begun', 'stall')
      server.signal('SIGUSR2')
      await sleep(1_000)
      world.history.mark('fault.ended', 'stall')
    }
    await sleep(300)
    await load.stop()
    return judge(world, { figures: { stops, stalls: stops } })
  },
}
