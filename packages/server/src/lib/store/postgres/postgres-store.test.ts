import { describe } from 'node:test'
import { needs } from '../../../../../../tools/needs.ts'
import { runStoreContract } from '../contract.ts'
import { setBench } from './testing/open-test-store.ts'

describe('a real PostgreSQL', needs('postgresql'), () => {
  const bench = setBench()
  runStoreContract('postgres', (t) => bench().openEmptied(t))
})
