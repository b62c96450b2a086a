import { call } from '../../serve/support/client.ts'
import { askAll, createRotation, ROTATING_ENV } from '../../serve/support/rotating.ts'
import { judge, unansweredReasons } from '../judge.ts'
import type { Scenario } from '../scenario.ts'
import { appConfig, createWorld } from '../world.ts'

export const rotation: Scenario = {
  name: 'rotation',
  row: 'R26',
  fault: 'master, signing and API keys are changed under load, again and again',
  promise: 'no request is refused, what old keys sealed opens, and the old API key is over',
  how:
    'files and SIGHUP, `yaopai keys reseal`, the old keys taken away; meanwhile people log in, ask, log out and open data, ' +
    'a gateway checks assertions, and a back end asks with the present API key',
  async run(round) {
    const world = await createWorld(round, { env: ROTATING_ENV })
    const keys = await createRotation(world.rig, {
      config: appConfig(),
      env: { DATABASE_URL: world.book.url },
    })
    const server = await world.start()
    const load = world.load({ clients: 4, pauseMs: 5 })
    const asking = askAll(server, world.rig, keys.apiKey)
    round.after(() => asking.stop().catch(() => undefined))
    const times = round.isLong ? 25 : 2
    for (let turn = 0; turn < times; turn += 1) {
      world.history.mark('fault.begun', 'rotation')
      await keys.rotate(server, asking.letKeysSpread)
      world.history.mark('fault.ended', 'rotation')
      if (turn % 5 === 4) round.say(`rotation ${turn + 1} of ${times}`)
    }
    const { wrong, asked } = await asking.stop()
    await load.stop()
    const old = await call('POST', `${server.internalUrl}/verify`, {
      token: keys.firstApiKey,
      json: { token: 'x' },
    })
    const broken = [
      ...wrong,
      ...(old.status === 401 ? [] : [`the retired API key was answered ${old.status}`]),
    ]
    broken.push(...unansweredReasons(world))
    const figures = { rotations: times, 'requests of others': asked, 'of them refused': wrong.length }
    return judge(world, { broken, figures })
  },
}
