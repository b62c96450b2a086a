import assert from 'node:assert/strict'
import { startPostgres, type TestServer } from '../../../../../tools/postgres-server.ts'
import { StoreUnavailableError } from '../../lib/errors.ts'
import { Secret } from '../../lib/secret.ts'
import {
  firstLogin,
  NOW_MS,
  sampleHash,
  sampleSelector,
  sampleUserId,
} from '../../lib/store/contract/samples.ts'
import type { Store } from '../../lib/store/store.ts'
import { openPostgres } from '../open-postgres.ts'

export interface FailoverFigures {
  readonly acknowledgedLogins: number
  readonly acknowledgedEnds: number
  /** Calls that heard `store_unavailable`. */
  readonly refused: number
  /** Of those the ones that were done all the same, and whole. */
  readonly refusedButDone: number
  /** From the answer to the promotion to the first login that was acknowledged after it. */
  readonly recoveryMs: number
}

const CLIENTS = 8

/**
 * A primary with a synchronous standby, under a load of logins and ends of sessions: the primary is killed, the standby
 * promoted, and the old primary started again. Throws where anything acknowledged is lost or half done, where a session
 * lives whose end was acknowledged, or where the old primary is written to.
 */
export async function runFailover({
  rounds,
  calls = 60,
}: {
  rounds: number
  calls?: number
}): Promise<FailoverFigures[]> {
  const figures: FailoverFigures[] = []
  for (let round = 0; round < rounds; round += 1) figures.push(await runRound(calls))
  return figures
}

async function runRound(calls: number): Promise<FailoverFigures> {
  const cleanUps: (() => unknown)[] = []
  const stores: Store[] = []
  try {
    const { primary, standby, url } = await startPair((work) => cleanUps.push(work))
    const open = async (): Promise<Store> => {
      const store = await openPostgres(new Secret(url), {})
      stores.push(store)
      return store
    }
    return await failOver({ primary, standby, open, calls })
  } finally {
    for (const store of stores) await store.close()
    for (const cleanUp of cleanUps) await cleanUp()
  }
}

/** A primary whose commits wait for its standby, and what names both. */
export interface Pair {
  readonly primary: TestServer
  readonly standby: TestServer
  /** Of the database `book`, wherever it can be written to. */
  readonly url: string
}

/** @param after takes what is to be done when all is over */
export async function startPair(after: (work: () => unknown) => void): Promise<Pair> {
  const primary = await startPostgres({ isDurable: true })
  after(() => primary.remove())
  await primary.ask('postgres', 'CREATE DATABASE book')
  const standby = await primary.startStandby('successor')
  after(() => standby.remove())
  await waitForEach(primary)
  return { primary, standby, url: urlOf(primary, standby) }
}

interface Round {
  readonly primary: TestServer
  readonly standby: TestServer
  readonly open: () => Promise<Store>
  readonly calls: number
}

async function failOver({ primary, standby, open, calls }: Round): Promise<FailoverFigures> {
  const store = await open()
  const load = startLoad(store)
  await load.untilMore(calls)
  await primary.stop('SIGKILL')
  await standby.promote()
  const promotedAt = performance.now()
  await load.untilMore(1)
  const recoveryMs = performance.now() - promotedAt
  await load.untilMore(calls)
  await load.stop()
  const refusedButDone = await judge(store, load)
  await judgeFence({ primary, standby, open, store })
  const { logins, ends, refused } = load
  return {
    acknowledgedLogins: logins.size,
    acknowledgedEnds: ends.size,
    refused: refused.size,
    refusedButDone,
    recoveryMs,
  }
}

function urlOf(primary: TestServer, standby: TestServer): string {
  const hosts = `127.0.0.1:${primary.port},127.0.0.1:${standby.port}`
  return `postgres://yaopai:${primary.password}@${hosts}/book?target_session_attrs=read-write`
}

/** From now on a commit is answered when the standby has it. */
async function waitForEach(primary: TestServer): Promise<void> {
  await primary.ask('postgres', `ALTER SYSTEM SET synchronous_standby_names = 'successor'`)
  await primary.ask('postgres', 'SELECT pg_reload_conf()')
  for (;;) {
    const rows = await primary.ask('postgres', `SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync'`)
    if (rows.length > 0) return
  }
}

interface Load {
  readonly logins: ReadonlySet<number>
  readonly ends: ReadonlySet<number>
  readonly refused: ReadonlySet<number>
  untilMore(count: number): Promise<void>
  stop(): Promise<void>
}

/** Clients that log new people in, and end each second one's session; an end that was answered is read at once. */
function startLoad(store: Store): Load {
  const [logins, ends, refused] = [new Set<number>(), new Set<number>(), new Set<number>()]
  const waiting: { readonly count: number; readonly resolve: () => void }[] = []
  let next = 0
  let isStopped = false
  const turn = async (n: number): Promise<void> => {
    assert.equal(await store.recordLogin(firstLogin(n)), 'recorded')
    logins.add(n)
    for (const { count, resolve } of waiting) if (logins.size >= count) resolve()
    if (n % 2 === 1) return
    // One that was refused may be done, and then there is nothing to end any more.
    const isEnded = await end(store, n)
    assert.ok(isEnded)
    ends.add(n)
    assert.equal((await store.findSession(sampleSelector(n)))?.endReason, 'logged_out')
  }
  const client = async (): Promise<void> => {
    while (!isStopped) {
      next += 1
      const n = next
      await turn(n).catch((error: unknown) => {
        if (!(error instanceof StoreUnavailableError)) throw error
        refused.add(n)
      })
    }
  }
  const clients = Array.from({ length: CLIENTS }, client)
  return {
    logins,
    ends,
    refused,
    untilMore: (count) =>
      Promise.race([
        new Promise<void>((resolve) => waiting.push({ count: logins.size + count, resolve })),
        Promise.all(clients).then(() => undefined),
      ]),
    async stop() {
      isStopped = true
      await Promise.all(clients)
    },
  }
}

function end(store: Store, n: number): Promise<boolean> {
  const one = { selector: sampleSelector(n), userId: sampleUserId(n), atMs: NOW_MS, events: [] }
  return store.endSession({ ...one, reason: 'logged_out' })
}

/** How many of the refused were done. */
async function judge(store: Store, { logins, ends, refused }: Load): Promise<number> {
  let done = 0
  for (const n of new Set([...logins, ...refused])) {
    const session = await store.findSession(sampleSelector(n))
    if (logins.has(n)) assert.ok(session, `login ${n} was acknowledged and is lost`)
    if (ends.has(n))
      assert.equal(session?.endReason, 'logged_out', `the end of ${n} was acknowledged and is lost`)
    const isWhole = ((await store.findCode(sampleHash(`code-${n}`))) !== null) === (session !== null)
    assert.ok(isWhole, `login ${n} is half done`)
    if (!logins.has(n) && session !== null) done += 1
  }
  return done
}

/** The old primary comes back and takes writes: neither the running store nor a new one goes there. */
async function judgeFence(round: Omit<Round, 'calls'> & { readonly store: Store }): Promise<void> {
  const { primary, standby, open, store } = round
  await comeBack(primary)
  const before = await countSessions(primary)
  await endClients(standby)
  assert.equal(await store.recordLogin(firstLogin(1_000_001)), 'recorded')
  const other = await open()
  assert.equal(await other.recordLogin(firstLogin(1_000_002)), 'recorded')
  assert.notEqual(await store.findSession(sampleSelector(1_000_002)), null)
  assert.equal(await countSessions(primary), before, 'the old primary was written to')
}

/** The old primary runs again, and waits for no standby. */
export async function comeBack(primary: TestServer): Promise<void> {
  await primary.start()
  await primary.ask('postgres', 'ALTER SYSTEM RESET synchronous_standby_names')
  await primary.ask('postgres', 'SELECT pg_reload_conf()')
}

/** Then every client looks for a server anew. */
export async function endClients(server: TestServer): Promise<void> {
  await server.ask('postgres', END_CLIENTS)
}

export async function countSessions(server: TestServer): Promise<number> {
  return Number((await server.ask('book', COUNT))[0]?.['count'])
}

const COUNT = 'SELECT count(*)::int AS count FROM yaopai.sessions'
const END_CLIENTS = `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'yaopai'`
