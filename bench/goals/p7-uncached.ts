import { atLeast, type Bench, type Figure } from '../lib/figure.ts'
import { takeTurns } from '../lib/turns.ts'
import { NO_WECHAT, startYaopai } from '../peers/yaopai.ts'
import { SCRIPT, startRaw } from './p1-reads.ts'

const GOAL_SHARE = 0.65

/** P7: the same question with no memory of sessions: each answer is read from SQLite. */
export async function measureUncached(bench: Bench): Promise<Figure[]> {
  const seeded = await bench.seeded()
  const env = { SESSION_CACHE: '0' }
  const yaopai = await startYaopai({ databaseFile: seeded.databaseFile, wechatUrl: NO_WECHAT, env })
  const raw = await startRaw(bench, yaopai, seeded)
  try {
    const scriptArgs = [seeded.tokensFile, 'Authorization', 'Bearer ']
    const order = { seconds: bench.seconds, script: SCRIPT, scriptArgs, path: '/session' }
    const turns = await takeTurns(bench, [
      { name: 'raw /session', server: raw, order },
      { name: 'yaopai /session, no cache', server: yaopai, order },
    ])
    const { value, rounds } = turns.cpuRatio('raw /session', 'yaopai /session, no cache')
    const beside = {
      rounds,
      limit: 'one B-tree read beside raw node:http',
      raw: turns.raw('yaopai /session, no cache', 'raw /session'),
    }
    return [
      atLeast(
        'P7',
        '/session without a cache as a share of raw node:http, CPU',
        value,
        GOAL_SHARE,
        '%',
        beside,
      ),
    ]
  } finally {
    await Promise.all([yaopai.stop(), raw.stop()])
  }
}
