import { execFile } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { judge } from '../judge.ts'
import type { Scenario } from '../scenario.ts'
import { createWorld } from '../world.ts'
import { failedAny } from './exhausted.ts'

const MODES: Readonly<Record<string, readonly string[]>> = {
  headers: ['-H'],
  bodies: ['-B', '-s', '8192'],
  reading: ['-X', '-w', '1', '-y', '8', '-z', '1', '-n', '1'],
}

export const slowClients: Scenario = {
  name: 'slow-clients',
  row: 'R20',
  fault: 'slow headers, slow bodies, slow reading (slowloris)',
  promise: 'everybody else is answered',
  how: 'slowhttptest with hundreds of connections in each of its modes, under load',
  needs: ['slowhttptest'],
  async run(round) {
    const world = await createWorld(round)
    const server = await world.start()
    const load = world.load()
    await sleep(300)
    world.history.mark('fault.begun', 'slow clients')
    for (const mode of Object.values(MODES)) {
      const count = round.isLong ? '1000' : '200'
      const args = [...mode, '-c', count, '-r', '200', '-i', '1', '-l', round.isLong ? '15' : '3', '-p', '1']
      await promisify(execFile)('slowhttptest', [...args, '-u', `${server.publicUrl}/session`]).catch(
        (error) => {
          throw new Error(`slowhttptest: ${error.message}`)
        },
      )
    }
    world.history.mark('fault.ended', 'slow clients')
    await sleep(200)
    await load.stop()
    return failedAny(await judge(world, { figures: { modes: Object.keys(MODES).length } }))
  },
}
