import { setTimeout as sleep } from 'node:timers/promises'
import { loadDriver } from '../../../packages/server/src/lib/store/sqlite/driver.ts'
import { countOf, judge } from '../judge.ts'
import type { Scenario } from '../scenario.ts'
import { createWorld } from '../world.ts'

export const lostAnswers: Scenario = {
  name: 'lost-answers',
  row: 'R27',
  fault: 'every third answer is lost after the server gave it',
  promise: 'who asks again with the same code and nonce gets the same session; no second one is made',
  how: 'the proxy drops every third answer; clients retry; then codes, sessions and events are counted',
  async run(round) {
    const world = await createWorld(round)
    await world.start()
    world.proxy.dropAnswers(3)
    world.history.mark('fault.begun', 'lost answers')
    const load = world.load({ loginRetries: 8, logins: 70 })
    await sleep(round.isLong ? 20_000 : 1_200)
    await load.stop()
    world.proxy.dropAnswers(0)
    world.history.mark('fault.ended', 'lost answers')
    await Promise.all([world.login(), ...world.sessions.slice(-1).map((one) => world.client.validate(one))])
    const given = world.sessions.length
    const { made, codes } = countsIn(world.databaseFile)
    // A login of which no answer ever came through has a session that nobody got; two for one code would be a fault.
    const broken = made === codes ? [] : [`${made} sessions were made for ${codes} codes`]
    return judge(world, {
      broken,
      figures: {
        'answers dropped': world.proxy.counts.dropped,
        'logins of which all nine answers were lost': made - given,
        'double sessions': made - codes,
        'requests to log in': countOf(world, 'login').asked,
      },
    })
  },
}

function countsIn(file: string): { readonly made: number; readonly codes: number } {
  const db = loadDriver().open(file)
  const count = (table: 'codes' | 'sessions') =>
    Number(Object(db.prepare(`SELECT count(*) AS count FROM ${table}`).get()).count)
  try {
    return { made: count('sessions'), codes: count('codes') }
  } finally {
    db.close()
  }
}
