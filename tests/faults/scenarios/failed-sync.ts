import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { countOf, judge } from '../judge.ts'
import type { Scenario } from '../scenario.ts'
import { createWorld } from '../world.ts'

export const failedSync: Scenario = {
  name: 'failed-sync',
  row: 'R05',
  fault: 'fsync answers EIO under load',
  promise:
    'exit 70 at once, nothing acknowledged after it, all acknowledged before it is there after a start',
  how: 'strace injects EIO into fsync and fdatasync of the running server, from a random call on',
  needs: ['strace'],
  async run(round) {
    const world = await createWorld(round)
    const server = await world.start()
    const load = world.load({ logins: 60 })
    await sleep(300)
    const when = `${round.draw.whole(1, 60)}+`
    const inject = ['-e', 'trace=fsync,fdatasync', '-e', `inject=fsync,fdatasync:error=EIO:when=${when}`]
    const strace = spawn('strace', ['-f', '-o', '/dev/null', ...inject, '-p', String(server.pid)])
    round.after(() => strace.kill('SIGKILL'))
    await once(strace.stderr, 'data')
    world.history.mark('fault.begun', 'EIO')
    const ended = await server.ended
    const acked = countOf(world, 'login').ok
    await sleep(200)
    const after = countOf(world, 'login').ok - acked
    await world.start()
    world.history.mark('fault.ended', 'EIO')
    await sleep(300)
    await load.stop()
    const broken = [
      ...(ended.exitCode === 70 ? [] : [`exit ${ended.exitCode} in place of 70`]),
      ...(after === 0 ? [] : [`${after} logins were acknowledged after the failed sync`]),
    ]
    return judge(world, {
      broken,
      figures: { 'exit code': ended.exitCode ?? -1, 'acknowledged after it': after },
    })
  },
}
