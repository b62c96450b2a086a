import { readFileSync } from 'node:fs'
import type { ConnectionOptions } from 'node:tls'
import type { PoolConfig } from 'pg'
import type { Clock } from '../lib/clock.ts'
import { type PostgresHost, type PostgresTarget, parsePostgresUrl } from '../lib/load-config/postgres-url.ts'
import type { Secret } from '../lib/secret.ts'
import type { BookTarget } from '../lib/store/book.ts'
import type { PgPool } from '../lib/store/postgres/driver.ts'
import { openPostgresStore, openPostgresTarget } from '../lib/store/postgres/postgres-store.ts'
import { UnsuitableDatabaseError } from '../lib/store/sql/faults.ts'
import type { Store } from '../lib/store/store.ts'
import { explainPostgres } from './explain-postgres.ts'
import { createHostsPool, type HostPool, type OpenHost } from './postgres-hosts.ts'

const NO_TLS = 'The server does not support SSL connections'

/**
 * The store that a `postgres://` URL names. A server that is not there yet is waited for, three seconds.
 * @throws UnsuitableDatabaseError with the cure
 */
export function openPostgres(url: Secret, options: { readonly clock?: Clock }): Promise<Store> {
  return openOn(url, (pool) => openPostgresStore({ pool, ...options }))
}

/**
 * The same for a copy.
 * @throws UnsuitableDatabaseError likewise
 */
export function openPostgresForCopy(url: Secret): Promise<BookTarget> {
  return openOn(url, (pool) => openPostgresTarget({ pool }))
}

async function openOn<Book>(url: Secret, open: (pool: PgPool) => Promise<Book>): Promise<Book> {
  const parsed = parsePostgresUrl(url.reveal())
  if (!parsed.ok) throw new UnsuitableDatabaseError(`DATABASE_URL ${parsed.problems[0]?.problem}`)
  const pool = await openPostgresPool(parsed.target)
  try {
    return await open(pool)
  } catch (error) {
    throw await explainPostgres(error, parsed.target)
  }
}

/**
 * The pool of connections that the URL asks for. Nothing is connected before it is used.
 * @throws UnsuitableDatabaseError when a certificate of the URL cannot be read
 */
async function openPostgresPool(target: PostgresTarget): Promise<PgPool> {
  const { Pool } = await import('pg').then(({ default: pg }) => pg)
  const tls = tlsOf(target)
  const openHost: OpenHost = (host, hooks) => {
    const open = (ssl: false | ConnectionOptions) => new Pool({ ...configOf(target, host), ssl, ...hooks })
    return target.sslMode === 'prefer' && tls !== false ? preferTls(open, tls) : open(tls)
  }
  return createHostsPool(target.hosts, openHost)
}

/** The password is left out where the URL has none: then `pg` reads PGPASSWORD, or the file PGPASSFILE. */
function configOf(target: PostgresTarget, { host, port }: PostgresHost): PoolConfig {
  const { user, password, database } = target
  return {
    host,
    port,
    ...(user === null ? {} : { user }),
    ...(password === null ? {} : { password: password.reveal() }),
    ...(database === null ? {} : { database }),
    application_name: target.applicationName,
    connectionTimeoutMillis: target.connectTimeoutSeconds * 1_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: target.keepAliveIdleSeconds * 1_000,
    max: target.poolSize,
  }
}

/** As libpq's modes. A socket of this machine has no TLS. */
function tlsOf(target: PostgresTarget): false | ConnectionOptions {
  const { sslMode, sslRootCert, sslCert, sslKey, hosts } = target
  if (sslMode === 'disable' || hosts.every(({ host }) => host.startsWith('/'))) return false
  const own = {
    ...(sslRootCert === null || sslRootCert === 'system' ? {} : { ca: read('sslrootcert', sslRootCert) }),
    ...(sslCert === null ? {} : { cert: read('sslcert', sslCert) }),
    ...(sslKey === null ? {} : { key: read('sslkey', sslKey) }),
  }
  if (sslMode === 'verify-full') return { ...own, rejectUnauthorized: true }
  // With an authority that is named, `require` has always asked for its word.
  const isVerified = sslMode === 'verify-ca' || (sslMode === 'require' && sslRootCert !== null)
  return { ...own, rejectUnauthorized: isVerified, checkServerIdentity: () => undefined }
}

function read(parameter: string, path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new UnsuitableDatabaseError(
      `DATABASE_URL names with ${parameter} a file that cannot be read: correct the path, or its permissions`,
      error,
    )
  }
}

/** With TLS where the server has it, and in the open where it says that it has none. */
function preferTls(open: (ssl: false | ConnectionOptions) => HostPool, tls: ConnectionOptions): HostPool {
  let pool = open(tls)
  const listeners: ((error: Error) => void)[] = []
  return {
    async connect() {
      try {
        return await pool.connect()
      } catch (error) {
        if (!(error instanceof Error) || error.message !== NO_TLS) throw error
        const plain = open(false)
        for (const listener of listeners) plain.on('error', listener)
        void pool.end()
        pool = plain
        return plain.connect()
      }
    },
    end: () => pool.end(),
    on(event, listener) {
      listeners.push(listener)
      return pool.on(event, listener)
    },
  }
}
