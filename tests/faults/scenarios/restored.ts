import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { judge } from '../judge.ts'
import type { Scenario } from '../scenario.ts'
import { createWorld } from '../world.ts'

export const restored: Scenario = {
  name: 'restored',
  row: 'R30',
  fault: 'an old backup is restored, in which revoked sessions live',
  promise: 'the backup made under load is whole; no session that was revoked after it is accepted again',
  how: '`yaopai backup` under load, revocations after it, stop, `yaopai restore`, start, every token asked for',
  async run(round) {
    const world = await createWorld(round)
    await world.start()
    const load = world.load({ logouts: 10 })
    await sleep(round.isLong ? 3_000 : 600)
    const env = { DATABASE_URL: `file:${world.databaseFile}` }
    const backup = join(world.rig.folder, 'backup.db')
    const made = await world.rig.run(['backup', backup], env)
    await sleep(200)
    await load.stop()
    const inBackup = world.sessions.filter(({ isEnded }) => !isEnded)
    const revoked = inBackup.slice(0, Math.ceil(inBackup.length / 2))
    for (const session of revoked) await world.client.revoke(session)
    const broken = made.exitCode === 0 ? [] : [`backup: ${made.stderr}`]
    const running = await world.rig.run(['restore', backup, '--yes'], env)
    if (running.exitCode !== 78) broken.push(`restore beside a running server: exit ${running.exitCode}`)
    await world.server().stop()
    world.history.mark('fault.begun', 'restore')
    const put = await world.rig.run(['restore', backup, '--yes', '--json'], env)
    if (put.exitCode !== 0) broken.push(`restore: ${put.stderr}`)
    // By design every session that the backup held is over from here on; those after it are not in the book.
    for (const session of world.sessions) noteEnd(world.history, session.id)
    await world.start()
    world.history.mark('fault.ended', 'restore')
    let accepted = 0
    for (const session of world.sessions) if ((await world.client.validate(session)) === 'ok') accepted += 1
    await world.login()
    const { ended } = Object(JSON.parse(put.stdout))
    // What came after the backup is gone from the book: its lines are not asked for.
    const outcome = await judge(world, { broken })
    return {
      ...outcome,
      broken: outcome.broken.filter((one) => !one.startsWith('(vi)')),
      figures: {
        'revoked after the backup': revoked.length,
        'accepted after the restore': accepted,
        'ended by the restore': Number(ended),
      },
    }
  },
}

function noteEnd(history: Parameters<typeof judge>[0]['history'], session: string): void {
  history.begin({ kind: 'revoke', node: '*', session })({ outcome: 'ok', reason: 'restore' })
}
