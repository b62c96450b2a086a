import { spawn } from 'node:child_process'
import { availableParallelism } from 'node:os'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { judge } from '../judge.ts'
import type { Scenario } from '../scenario.ts'
import { createWorld } from '../world.ts'
import { failedAny } from './exhausted.ts'

export const busy: Scenario = {
  name: 'busy',
  row: 'R23',
  fault: 'other processes take all cores',
  promise: 'slower, but every session validates',
  how: 'two endless loops for each core, under load',
  async run(round) {
    const world = await createWorld(round)
    await world.start()
    const load = world.load()
    await sleep(300)
    world.history.mark('fault.begun', 'pressure')
    const loops = Array.from({ length: availableParallelism() * 2 }, () =>
      spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }),
    )
    const end = () => {
      for (const child of loops) child.kill('SIGKILL')
    }
    round.after(end)
    await sleep(round.isLong ? 20_000 : 1_000)
    end()
    world.history.mark('fault.ended', 'pressure')
    await sleep(300)
    await load.stop()
    return failedAny(await judge(world, { figures: { loops: loops.length } }))
  },
}
