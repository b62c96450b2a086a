import { setTimeout as sleep } from 'node:timers/promises'
import { countOf, judge } from '../judge.ts'
import type { Scenario } from '../scenario.ts'
import { createWorld } from '../world.ts'

export const terminated: Scenario = {
  name: 'terminated',
  row: 'R24',
  fault: 'SIGTERM under load, and a new server in its place',
  promise: 'what is under way is answered, exit 0, and behind a proxy that retries nobody notices',
  how: 'SIGTERM while clients ask through a proxy that waits for a server and asks again where no answer began',
  async run(round) {
    const world = await createWorld(round, { retryConnectMs: 60_000 })
    await world.start()
    // A login that no answer came to is asked again with its code and nonce, as the SDK does.
    const load = world.load({ loginRetries: 3, logouts: 0 })
    const times = round.isLong ? 20 : 1
    const broken: string[] = []
    for (let turn = 0; turn < times; turn += 1) {
      await sleep(round.draw.whole(100, 500))
      world.history.mark('fault.begun', 'SIGTERM')
      const { exitCode, stderr } = await world.server().stop()
      if (exitCode !== 0) broken.push(`exit ${exitCode}: ${stderr}`)
      await world.start()
      world.history.mark('fault.ended', 'SIGTERM')
    }
    await sleep(200)
    await load.stop()
    const validates = countOf(world, 'validate')
    const failed = validates.asked - validates.ok
    if (failed > 0) broken.push(`${failed} questions failed behind the proxy`)
    return judge(world, { broken, figures: { terminations: times, 'failed questions': failed } })
  },
}
