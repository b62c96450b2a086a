import { setTimeout as sleep } from 'node:timers/promises'
import {
  comeBack,
  countSessions,
  endClients,
  startPair,
} from '../../../packages/server/src/main/testing/run-failover.ts'
import { serverBook } from '../book.ts'
import { countUnresolved, judge } from '../judge.ts'
import type { Scenario } from '../scenario.ts'
import { createWorld } from '../world.ts'

export const failover: Scenario = {
  name: 'failover',
  row: 'R16',
  fault: 'the primary is killed, its synchronous standby promoted, and the old primary comes back',
  promise: 'nothing acknowledged is lost, service comes back by itself, the old primary is not written to',
  how:
    'SIGKILL for the primary under load of two servers that know both by name, pg_promote(), then the old one is started ' +
    'again, and all connections to the new one are ended, so that each server looks for a primary anew',
  needs: ['postgresql'],
  async run(round) {
    const { primary, standby, url } = await startPair(round.after)
    const book = serverBook(url, 'yaopai.', (sql) => standby.ask('book', sql))
    const world = await createWorld(round, { book, nodes: ['a', 'b'] })
    await world.startAll()
    const load = world.load({ logins: 50, logouts: 10, loginRetries: 60, retryPauseMs: 100 })
    await sleep(round.isLong ? 3_000 : 500)
    world.history.mark('fault.begun', 'the primary is killed')
    await primary.stop('SIGKILL')
    await sleep(round.draw.whole(0, round.isLong ? 3_000 : 200))
    const startedMs = performance.now()
    await standby.promote()
    const promotedMs = performance.now() - startedMs
    world.history.mark('fault.ended', 'the standby is the primary')
    await sleep(round.isLong ? 4_000 : 700)
    await comeBack(primary)
    const before = await countSessions(primary)
    world.history.mark('fault.begun', 'the old primary is back')
    await endClients(standby)
    world.history.mark('fault.ended', 'the old primary is back')
    await sleep(round.isLong ? 4_000 : 500)
    await load.stop()
    const fenced = (await countSessions(primary)) - before
    const unresolved = countUnresolved(world)
    const broken = [
      ...(fenced === 0 ? [] : [`${fenced} sessions were written to the old primary`]),
      ...(unresolved === 0 ? [] : [`${unresolved} logins got no answer however often they were asked again`]),
    ]
    return judge(world, {
      broken,
      figures: {
        'to promote (ms)': Math.round(promotedMs),
        'sessions written to the old primary': fenced,
        'logins without an answer after all': unresolved,
      },
    })
  },
}
