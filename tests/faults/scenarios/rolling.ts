import { setTimeout as sleep } from 'node:timers/promises'
import { startPostgresEngine } from '../engines.ts'
import { countOf, judge, unansweredReasons } from '../judge.ts'
import type { Scenario } from '../scenario.ts'
import { createWorld, type World } from '../world.ts'

/** As the next version's migration does and notes it: it only adds. */
const EXPAND = `ALTER TABLE yaopai.sessions ADD COLUMN later_version text;
  INSERT INTO yaopai.migrations VALUES ('999-later-version.expand.sql', 'x', 1)`

export const rolling: Scenario = {
  name: 'rolling',
  row: 'R25',
  fault: 'two nodes restart one after the other, onto a schema that has grown, and one step back',
  promise: 'no question fails, nothing acknowledged is lost, old and new work side by side',
  how:
    'SIGTERM for one node after the other under load, behind proxies that wait for a server; between the turns a migration ' +
    'that adds a column is applied and noted as the next version does, and all nodes are started on it once more',
  needs: ['postgresql'],
  async run(round) {
    const { book, server, database } = await startPostgresEngine(round)
    const world = await createWorld(round, { book, nodes: ['a', 'b'], retryConnectMs: 60_000 })
    await world.startAll()
    // A login that no answer came to is asked again with its code and nonce, as the SDK does.
    const load = world.load({ loginRetries: 3, logouts: 0, pauseMs: 5 })
    await sleep(300)
    const broken: string[] = []
    const turns = round.isLong ? 4 : 1
    for (let turn = 0; turn < turns; turn += 1) {
      if (turn === 0) await server.ask(database, EXPAND)
      world.history.mark('fault.begun', 'all nodes restart')
      broken.push(...(await roll(world)))
      world.history.mark('fault.ended', 'all nodes restart')
      await sleep(round.isLong ? 2_000 : 200)
    }
    await load.stop()
    const validates = countOf(world, 'validate')
    const failed = validates.asked - validates.ok
    if (failed > 0) broken.push(`${failed} questions failed`, ...unansweredReasons(world, 'validate'))
    const figures = {
      restarts: turns * world.nodes.length,
      questions: validates.asked,
      'failed questions': failed,
    }
    return judge(world, { broken, figures })
  },
}

async function roll({ nodes }: World): Promise<string[]> {
  const broken: string[] = []
  for (const node of nodes) {
    const { exitCode, stderr } = await node.server().stop()
    if (exitCode !== 0) broken.push(`exit ${exitCode}: ${stderr}`)
    await node.start()
  }
  return broken
}
