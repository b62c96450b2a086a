import type { ClientBase } from 'pg'
import type { PostgresHost } from '../lib/load-config/postgres-url.ts'
import type { PgPool } from '../lib/store/postgres/driver.ts'
import { withinMs } from '../lib/within.ts'

export type HostPool = PgPool

export interface HostHooks {
  /** Runs on each new connection before anybody gets it; where it rejects, nobody does. */
  readonly onConnect: (client: ClientBase) => Promise<void>
}

export type OpenHost = (host: PostgresHost, hooks: HostHooks) => HostPool

/** What a server says of itself. Its timeline grows by one with each promotion. */
interface Role {
  readonly canWrite: boolean
  /** Null where it cannot be told: the server is a standby, or no PostgreSQL. */
  readonly timeline: number | null
}

/** Reads of which nobody waits for the answer any more end on the server, too. Writes set a time of their own. */
const READ_MS = 5_000
/** What `pg` says when all connections are in use. */
const ALL_BUSY = 'timeout exceeded when trying to connect'
const ASK_ROLE = `
  SET statement_timeout = ${READ_MS};
  SELECT NOT pg_is_in_recovery() AND current_setting('transaction_read_only') = 'off' AS can_write,
    CASE WHEN pg_is_in_recovery() THEN NULL ELSE substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) END AS timeline`

/**
 * Connections to that one of several servers that takes writes, and after a fail-over to its successor. With one host
 * there is no choice: it is taken as it is, also while it only reads.
 */
export function createHostsPool(hosts: readonly PostgresHost[], openHost: OpenHost): PgPool {
  const [only] = hosts
  if (hosts.length === 1 && only !== undefined)
    return openHost(only, { onConnect: async (client) => void (await askNew(client, SET_READ_MS)) })
  return new HostsPool(hosts, openHost)
}

const SET_READ_MS = `SET statement_timeout = ${READ_MS}`

/** The pool's own limit is over once a connection is made: a server that falls silent then would keep its place for ever. */
function askNew(client: ClientBase, text: string): Promise<unknown> {
  return withinMs(READ_MS, client.query(text))
}

/**
 * A server that was promoted has a higher timeline than all before it. So an old primary that comes back is told by
 * its timeline, and never gets a connection once a newer one was seen, whatever it says of itself.
 */
class HostsPool implements PgPool {
  readonly #hosts: readonly PostgresHost[]
  readonly #openHost: OpenHost
  readonly #listeners: ((error: Error) => void)[] = []
  #newest = 0
  #current: HostPool | null = null
  #choosing: Promise<HostPool> | null = null
  #isEnded = false
  readonly #leaving = new Set<Promise<void>>()

  constructor(hosts: readonly PostgresHost[], openHost: OpenHost) {
    this.#hosts = hosts
    this.#openHost = openHost
  }

  async connect() {
    const pool = this.#current
    if (pool !== null) {
      try {
        return await pool.connect()
      } catch (error) {
        if (error instanceof Error && error.message === ALL_BUSY) throw error
        // It may be away for a moment, or its place be taken: the choice tells.
        if (this.#current === pool) this.#leave(pool)
      }
    }
    const chosen = await this.#choose()
    return chosen.connect()
  }

  on(_event: 'error', listener: (error: Error) => void): void {
    this.#listeners.push(listener)
    this.#current?.on('error', listener)
  }

  async end(): Promise<void> {
    this.#isEnded = true
    if (this.#current !== null) this.#leave(this.#current)
    await Promise.all(this.#leaving)
  }

  #leave(pool: HostPool): void {
    this.#current = null
    const leaving = pool.end().finally(() => this.#leaving.delete(leaving))
    this.#leaving.add(leaving)
    leaving.catch(() => undefined)
  }

  /** Those who come while a choice is made share it. */
  #choose(): Promise<HostPool> {
    this.#choosing ??= this.#ask().finally(() => {
      this.#choosing = null
    })
    return this.#choosing
  }

  /** All are asked at once: of two that take writes the one that was promoted last is the right one. */
  async #ask(): Promise<HostPool> {
    const asked = await Promise.allSettled(this.#hosts.map((host) => this.#knock(host)))
    const roles = asked.flatMap((one, at) => (one.status === 'fulfilled' ? [{ ...one.value, at }] : []))
    const writers = roles.filter(({ canWrite, timeline }) => canWrite && (timeline ?? 0) >= this.#newest)
    const [best] = writers.sort((a, b) => (b.timeline ?? 0) - (a.timeline ?? 0))
    const host = best === undefined ? undefined : this.#hosts[best.at]
    if (this.#isEnded) throw new Error('The pool was closed')
    if (best === undefined || host === undefined) throw whyNone(roles.length, asked)
    this.#newest = Math.max(this.#newest, best.timeline ?? 0)
    const pool = this.#openHost(host, { onConnect: (client) => this.#requireWriter(client) })
    for (const listener of this.#listeners) pool.on('error', listener)
    this.#current = pool
    return pool
  }

  async #knock(host: PostgresHost): Promise<Role> {
    let role: Role | null = null
    const pool = this.#openHost(host, {
      onConnect: async (client) => {
        role = await roleOf(client)
      },
    })
    pool.on('error', () => undefined)
    try {
      const client = await pool.connect()
      client.release(true)
      return role ?? { canWrite: false, timeline: null }
    } finally {
      void pool.end()
    }
  }

  async #requireWriter(client: ClientBase): Promise<void> {
    const { canWrite, timeline } = await roleOf(client)
    if (!canWrite || (timeline ?? 0) < this.#newest) throw new ReadsOnlyError()
    this.#newest = Math.max(this.#newest, timeline ?? 0)
  }
}

async function roleOf(client: ClientBase): Promise<Role> {
  const results: unknown = await askNew(client, ASK_ROLE)
  const last = Array.isArray(results) ? results.at(-1) : results
  const row = Object(Object(last).rows?.[0])
  const timeline = typeof row.timeline === 'string' ? Number.parseInt(row.timeline, 16) : null
  return { canWrite: row.can_write === true, timeline }
}

/** None of the hosts takes writes now: one may soon, when it has been promoted. */
export class ReadsOnlyError extends Error {
  override readonly name = 'ReadsOnlyError'

  constructor() {
    super(
      'None of the database servers takes writes: they are standbys, read-only, or were replaced by another',
    )
  }
}

/** Where nobody answered at all, the first reason tells more than that nobody writes. */
function whyNone(answers: number, asked: readonly PromiseSettledResult<unknown>[]): unknown {
  const failed = asked.find((one) => one.status === 'rejected')
  return answers > 0 || failed === undefined ? new ReadsOnlyError() : failed.reason
}
