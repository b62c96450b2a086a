import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { StoreUnavailableError } from '../../../errors.ts'
import { firstLogin, sampleHash, sampleSelector } from '../../contract/samples.ts'
import type { Store } from '../../store.ts'

export interface Load {
  untilMore(count: number): Promise<void>
  stop(): Promise<Logins>
}

export interface Logins {
  readonly recorded: readonly number[]
  readonly refused: readonly number[]
}

/** Eight clients that log new people in, one after the other, until they are told to stop. */
export function loginsUntilStopped(t: TestContext, store: Store): Load {
  const recorded: number[] = []
  const refused: number[] = []
  const waiting: { readonly count: number; readonly resolve: () => void }[] = []
  let next = 0
  let isStopped = false
  t.after(() => {
    isStopped = true
  })

  const client = async (): Promise<void> => {
    while (!isStopped) {
      next += 1
      const n = next
      const outcome = await store.recordLogin(firstLogin(n)).catch((error: unknown) => {
        assert.ok(error instanceof StoreUnavailableError, String(error))
        return 'refused'
      })
      if (outcome === 'recorded') recorded.push(n)
      else {
        refused.push(n)
        // A test that failed closes its store, which then refuses at once: without a turn nothing else would ever run.
        await turn()
      }
      for (const { count, resolve } of waiting) if (recorded.length >= count) resolve()
    }
  }
  const clients = Array.from({ length: 8 }, client)
  return {
    untilMore: (count) => new Promise((resolve) => waiting.push({ count: recorded.length + count, resolve })),
    async stop() {
      isStopped = true
      await Promise.all(clients)
      return { recorded, refused }
    },
  }
}

/** What was acknowledged is there; a commit of whose fate nobody could be asked in time may be, and then it is whole. */
export async function assertKept(store: Store, { recorded, refused }: Logins): Promise<void> {
  const isThere = async (n: number) => (await store.findSession(sampleSelector(n))) !== null
  for (const n of recorded) assert.ok(await isThere(n), `login ${n} was acknowledged`)
  let undecided = 0
  for (const n of refused) {
    const isWhole = await isThere(n)
    assert.equal((await store.findCode(sampleHash(`code-${n}`))) !== null, isWhole)
    if (isWhole) undecided += 1
  }
  assert.equal((await store.listUsers({ limit: 100_000 })).length, recorded.length + undecided)
}
