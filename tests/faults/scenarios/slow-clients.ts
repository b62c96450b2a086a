import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { judge } from '../judge.ts'
import type { Round, Scenario } from '../scenario.ts'
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
  how: 'slowhttptest with hundreds of connections in each of its modes at once, under load',
  needs: ['slowhttptest'],
  async run(round) {
    const world = await createWorld(round)
    const server = await world.start()
    const load = world.load()
    await sleep(300)
    world.history.mark('fault.begun', 'slow clients')
    await Promise.all(Object.values(MODES).map((mode) => attack(round, mode, server.publicUrl)))
    world.history.mark('fault.ended', 'slow clients')
    await sleep(200)
    await load.stop()
    return failedAny(await judge(world, { figures: { modes: Object.keys(MODES).length } }))
  },
}

async function attack(round: Round, mode: readonly string[], url: string): Promise<void> {
  const [count, seconds] = round.isLong ? ['1000', '15'] : ['100', '2']
  const args = [
    ...mode,
    '-c',
    count,
    '-r',
    '200',
    '-i',
    '1',
    '-l',
    seconds,
    '-p',
    '1',
    '-u',
    `${url}/session`,
  ]
  const child = spawn('slowhttptest', args, { stdio: 'ignore' })
  round.after(() => child.kill('SIGKILL'))
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new Error(`slowhttptest ended with ${code}`)
}
