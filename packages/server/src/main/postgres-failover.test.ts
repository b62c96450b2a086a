import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { needs } from '../../../../tools/needs.ts'
import { runFailover } from './testing/run-failover.ts'

describe('a PostgreSQL with a synchronous standby', needs('postgresql'), () => {
  test('[R15] [R16] is killed and its standby promoted: nothing acknowledged is lost, and the old one is not written to', async (t) => {
    for (const figures of await runFailover({ rounds: 1 })) {
      t.diagnostic(JSON.stringify(figures))
      assert.ok(figures.acknowledgedLogins >= 120 && figures.acknowledgedEnds > 0)
    }
  })
})
