import { setTimeout as sleep } from 'node:timers/promises'
import { newMasterKey } from 'yaopai'
import { startPostgresEngine } from '../engines.ts'
import { judge } from '../judge.ts'
import type { Scenario } from '../scenario.ts'
import { createWorld, type World } from '../world.ts'
import { fakedClock } from './clock.ts'
import { failedAny } from './exhausted.ts'

export const mismatch: Scenario = {
  name: 'mismatch',
  row: 'R31',
  fault: 'a node with other keys, another schema or another clock is started beside one that works',
  promise: 'it does not start: 78 and why, and no key in it; the one that works notices nothing',
  how:
    '`yaopai serve` beside two nodes on the same PostgreSQL, under load: another master key of the same name, of another name, a clock ' +
    'that is five minutes slow, a schema of a newer version',
  needs: ['postgresql', 'faketime'],
  async run(round) {
    const { book, server, database, direct } = await startPostgresEngine(round)
    const world = await createWorld(round, { book, nodes: ['a', 'b'] })
    await world.startAll()
    const load = world.load({ clients: 4, pauseMs: 10 })
    const key = newMasterKey('k1')
    const strangers: readonly (readonly [why: RegExp, env: Record<string, string>])[] = [
      [/master key k1 is not the one of that name/, { YAOPAI_MASTER_KEY: key }],
      [/key in common/, { YAOPAI_MASTER_KEY: key.replace('k1', 'k2') }],
      [/clocks of other nodes are \d+ seconds ahead/, fakedClock({ FAKETIME: '-300s' })],
      [/newer version/, {}],
    ]
    const broken: string[] = []
    for (const [why, env] of strangers) {
      if (why.source === 'newer version') await server.ask(database, NEWER)
      world.history.mark('fault.begun', why.source)
      broken.push(...(await refusalFaults(world, why, { ...direct, ...env, SECRET_WORD: key.slice(3) })))
      world.history.mark('fault.ended', why.source)
      await sleep(round.isLong ? 2_000 : 50)
    }
    await load.stop()
    return failedAny(await judge(world, { broken, figures: { 'nodes that did not fit': strangers.length } }))
  },
}

const NEWER = `INSERT INTO yaopai.migrations VALUES ('999-of-a-later-version.sql', 'x', 1)`

async function refusalFaults(
  { rig }: World,
  why: RegExp,
  { SECRET_WORD = '', ...env }: Record<string, string>,
): Promise<string[]> {
  const { exitCode, stdout, stderr } = await rig.run(['serve'], env)
  return [
    ...(exitCode === 78 ? [] : [`exit ${exitCode} in place of 78 (${why.source})`]),
    ...(why.test(stderr) ? [] : [`it did not say why (${why.source}): ${stderr}`]),
    ...(`${stdout}${stderr}`.includes(SECRET_WORD) ? ['it showed a key'] : []),
  ]
}
