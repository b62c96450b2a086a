import { setTimeout as sleep } from 'node:timers/promises'
import { type Engine, startMariadbEngine, startPostgresEngine } from '../engines.ts'
import { countUnresolved, judge, slowestMs } from '../judge.ts'
import { type Fault, inflict, networkFaults } from '../nemesis.ts'
import type { Outcome, Round, Scenario } from '../scenario.ts'
import { createWorld } from '../world.ts'

const PROMISE =
  'what is asked waits for a restart at most 3 s and for an answer at most 6 s, then 503; who asks again with the same code and nonce gets the one session; service comes back by itself'

export const postgresDown: Scenario = {
  name: 'postgres-down',
  row: 'R15',
  fault: 'PostgreSQL restarts, is ended at once or killed, loses a back end, or the network to it fails',
  promise: PROMISE,
  how:
    'SIGINT, SIGQUIT and SIGKILL for its first process, SIGKILL for a back end, and a proxy that resets, refuses and ' +
    'swallows, under load of two servers on one database',
  needs: ['postgresql'],
  async run(round) {
    const engine = await startPostgresEngine(round, { isDurable: true })
    const { server, proxy, database } = engine
    const down = (what: string, signal: 'SIGINT' | 'SIGQUIT' | 'SIGKILL'): Fault => ({
      what,
      begin: () => server.stop(signal),
      end: () => server.start(),
    })
    const orphan: Fault = {
      what: 'a back end is killed',
      async begin() {
        const rows = await server.ask(database, BACK_END)
        for (const { pid } of rows) process.kill(Number(pid), 'SIGKILL')
      },
    }
    const faults = [
      down('PostgreSQL restarts', 'SIGINT'),
      down('PostgreSQL ends at once', 'SIGQUIT'),
      down('PostgreSQL is killed', 'SIGKILL'),
      orphan,
      ...networkFaults(proxy, 'PostgreSQL'),
    ]
    return playDown(round, engine, faults)
  },
}

const BACK_END = `SELECT pid FROM pg_stat_activity WHERE application_name = 'yaopai' LIMIT 1`

export const mariadbDown: Scenario = {
  name: 'mariadb-down',
  row: 'R15',
  fault: 'MariaDB restarts, is killed, ends connections, or the network to it fails',
  promise: PROMISE,
  how:
    'SIGTERM and SIGKILL, KILL for every connection, and a proxy that resets, refuses and swallows, under load of two ' +
    'servers on one database',
  needs: ['mariadb'],
  async run(round) {
    const engine = await startMariadbEngine(round)
    const { server, proxy, database } = engine
    const down = (what: string, signal: 'SIGTERM' | 'SIGKILL'): Fault => ({
      what,
      begin: () => server.stop(signal),
      end: () => server.start(),
    })
    const ended: Fault = {
      what: 'MariaDB ends every connection',
      async begin() {
        const rows = await server.ask(database, CONNECTIONS)
        for (const { id } of rows) await server.ask(database, `KILL ${id}`).catch(() => undefined)
      },
    }
    const faults = [
      down('MariaDB restarts', 'SIGTERM'),
      down('MariaDB is killed', 'SIGKILL'),
      ended,
      ...networkFaults(proxy, 'MariaDB'),
    ]
    return playDown(round, engine, faults)
  },
}

const CONNECTIONS =
  'SELECT id FROM information_schema.processlist WHERE db = database() AND id <> connection_id()'

async function playDown(
  round: Round,
  { book }: Pick<Engine<unknown>, 'book'>,
  faults: readonly Fault[],
): Promise<Outcome> {
  const world = await createWorld(round, { book, nodes: ['a', 'b'] })
  await world.startAll()
  const load = world.load({ clients: 10, loginRetries: 60, retryPauseMs: 100, logouts: 10 })
  await sleep(300)
  const pace = round.isLong
    ? ({ lastsMs: [100, 6_000], restMs: 4_000 } as const)
    : ({ lastsMs: [50, 400], restMs: 200 } as const)
  const times = round.isLong ? 3 : 1
  for (let turn = 0; turn < times; turn += 1) await inflict(world, round, { faults, pace })
  await sleep(round.isLong ? 3_000 : 300)
  await load.stop()
  const unresolved = countUnresolved(world)
  return judge(world, {
    broken:
      unresolved === 0 ? [] : [`${unresolved} logins got no answer however often they were asked again`],
    figures: {
      faults: faults.length * times,
      'logins without an answer after all': unresolved,
      'slowest question (ms)': slowestMs(world, 'validate'),
      'slowest login (ms)': slowestMs(world, 'login'),
    },
  })
}
