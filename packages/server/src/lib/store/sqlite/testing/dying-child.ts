import process from 'node:process'
import {
  firstLogin,
  laterLogin,
  NOW_MS,
  sampleEvent,
  samplePromotion,
  sampleRenewal,
  sampleSelector,
  sampleUserId,
} from '../../contract/samples.ts'
import type { Store } from '../../store.ts'
import { openSqliteStore } from '../sqlite-store.ts'
import { wrappedDriver } from './wrapped-driver.ts'

/**
 * Does one write on the book at `file` and kills itself, as hard as can be, before step `atStep` of that write.
 * Says `done` when it was acknowledged. usage: dying-child.ts FILE WRITE STEP
 */
const [file = '', write = '', atStep = '0'] = process.argv.slice(2)
const userId = sampleUserId(1)
const selector = sampleSelector(1)
const events = [sampleEvent(100)]

const WRITES: Record<string, (store: Store) => Promise<unknown>> = {
  firstLogin: (store) =>
    store.recordLogin(firstLogin(2, { events: [sampleEvent(100, { userId: sampleUserId(2) })] })),
  laterLogin: (store) =>
    store.recordLogin(
      laterLogin(2, 1, {
        seenSelectors: [selector],
        endSessions: [{ selector, reason: 'replaced', atMs: NOW_MS }],
        events,
      }),
    ),
  startRenewal: (store) => store.startRenewal(sampleRenewal(1, 0, { events })),
  promoteToken: (store) => store.promoteToken(samplePromotion(1)),
  endSession: (store) => store.endSession({ selector, userId, reason: 'logged_out', atMs: NOW_MS, events }),
  closeAccount: (store) => store.closeAccount({ userId, atMs: NOW_MS, events }),
}

let step = -1
const driver = wrappedDriver(() => {
  if (step < 0) return
  step += 1
  if (step === Number(atStep)) process.kill(process.pid, 'SIGKILL')
})
const store = await openSqliteStore({ file, role: 'server', onFatal: fail, driver })
step = 0
await WRITES[write]?.(store)
process.stdout.write('done\n')
step = -1
await store.close()

function fail(error: Error): void {
  throw error
}
