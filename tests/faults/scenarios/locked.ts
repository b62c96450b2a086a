import { setTimeout as sleep } from 'node:timers/promises'
import { loadDriver } from '../../../packages/server/src/lib/store/sqlite/driver.ts'
import { monotonicMs } from '../../histories/history.ts'
import { countOf, judge } from '../judge.ts'
import type { Scenario } from '../scenario.ts'
import { createWorld, waitUntil } from '../world.ts'

export const locked: Scenario = {
  name: 'locked',
  row: 'R07',
  fault: 'another process holds the database’s lock; a second server starts on the file',
  promise: 'logins wait, at most two seconds, then 503; sessions validate; the second server does not start',
  how: 'BEGIN IMMEDIATE from outside for 1 s and for 4 s under load; `yaopai serve` once more',
  async run(round) {
    const world = await createWorld(round)
    await world.start()
    // Of a single one all questions would be refused, once a client has ended it.
    for (let turn = 0; turn < 10; turn += 1) await world.login()
    const load = world.load()
    // Who waits for a login asks nothing else meanwhile.
    const asking = world.load({ clients: 2, logins: 0, logouts: 0, pauseMs: 5 })
    await sleep(300)
    const other = loadDriver().open(world.databaseFile)
    round.after(() => other.close())
    const broken: string[] = []
    for (const heldMs of [1_000, 4_000]) {
      while (!tryLock(other)) await sleep(5)
      world.history.mark('fault.begun', 'lock')
      const sinceMs = monotonicMs()
      await sleep(heldMs)
      // On a busy machine an answer may take longer than the lock was to be held: then it is held until one is there.
      const isAnswered = () => countOf(world, 'validate', sinceMs).ok > 0
      await waitUntil(isAnswered, 10_000).catch(() =>
        broken.push('nobody was answered while the file was locked'),
      )
      other.exec('COMMIT')
      world.history.mark('fault.ended', 'lock')
      await sleep(500)
    }
    const second = await world.rig.run(['serve'], { DATABASE_URL: `file:${world.databaseFile}` })
    if (second.exitCode !== 78) broken.push(`the second server ended with ${second.exitCode}`)
    await Promise.all([load.stop(), asking.stop()])
    return judge(world, { broken, figures: { 'exit code of the second server': second.exitCode ?? -1 } })
  },
}

function tryLock(db: { exec(sql: string): void }): boolean {
  try {
    db.exec('BEGIN IMMEDIATE')
    return true
  } catch {
    return false
  }
}
