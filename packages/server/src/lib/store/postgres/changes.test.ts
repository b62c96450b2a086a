import { describe } from 'node:test'
import { needs } from '../../../../../../tools/needs.ts'
import { changeCases } from '../sql/testing/change-cases.ts'
import { testCases } from '../sql/testing/sql-bench.ts'
import { setBench } from './testing/open-test-store.ts'

const DRAW = [`INSERT INTO yaopai.changes (at_ms, user_id, selector) VALUES (1, 'usr_late', 9)`]

describe('changes that are committed in another order than they were numbered', needs('postgresql'), () => {
  testCases(changeCases(DRAW, { lockMs: 20 }), setBench())
})
