import { writeSync } from 'node:fs'
import process from 'node:process'
import { firstLogin } from '../../contract/samples.ts'
import { openSqliteStore } from '../sqlite-store.ts'

/**
 * Logs user after user in, some at a time, from number `first` on, and says each number once that login was
 * acknowledged; then `end`, or on a disk that fails exits as the server does. usage: login-child.ts FILE FIRST COUNT
 */
const [file = '', first = '0', count = '0'] = process.argv.slice(2)
const store = await openSqliteStore({
  file,
  role: 'server',
  onFatal(error) {
    writeSync(2, `${error.name} ${error.message}\n`)
    setImmediate(() => process.exit(error.exitCode))
  },
})
writeSync(1, 'ready\n')

const PARALLEL = 8
const last = Number(first) + Number(count)
for (let n = Number(first); n < last; n += PARALLEL) {
  await Promise.allSettled(Array.from({ length: PARALLEL }, (_, offset) => loginAndSay(n + offset)))
}
await store.close()
writeSync(1, 'end\n')

async function loginAndSay(n: number): Promise<void> {
  const outcome = await store.recordLogin(firstLogin(n))
  if (outcome === 'recorded') writeSync(1, `${n}\n`)
}
