import { describe } from 'node:test'
import { needs } from '../../../../../../tools/needs.ts'
import { runStoreContract } from '../contract.ts'
import { setBench } from './testing/open-test-store.ts'

describe('a real MariaDB', needs('mariadb'), () => {
  const bench = setBench()
  runStoreContract('mysql', (t) => bench().openEmptied(t))
})
