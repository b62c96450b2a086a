import { describe } from 'node:test'
import { needs } from '../../../../../../tools/needs.ts'
import { meetingCases, sweepCases } from '../sql/testing/node-cases.ts'
import { testCases } from '../sql/testing/sql-bench.ts'
import { setBench } from './testing/open-test-store.ts'

describe('several nodes on one database', needs('postgresql'), () => {
  const bench = setBench()
  describe('what the contract says of calls that meet, each call on the other node', () => {
    testCases(meetingCases, bench)
  })
  testCases(sweepCases, bench)
})
