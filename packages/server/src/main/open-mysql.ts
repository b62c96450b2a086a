import { readFileSync } from 'node:fs'
import type { PoolOptions } from 'mysql2'
import type { Clock } from '../lib/clock.ts'
import { type MysqlTarget, parseMysqlUrl } from '../lib/load-config/mysql-url.ts'
import type { Secret } from '../lib/secret.ts'
import type { BookTarget } from '../lib/store/book.ts'
import { DEFAULT_LIMITS } from '../lib/store/mysql/limits.ts'
import { type MysqlStoreOptions, openMysqlStore, openMysqlTarget } from '../lib/store/mysql/mysql-store.ts'
import { UnsuitableDatabaseError } from '../lib/store/sql/faults.ts'
import { MAX_WAITING } from '../lib/store/sql/limits.ts'
import type { Store } from '../lib/store/store.ts'
import { explainMysql } from './explain-mysql.ts'

/**
 * The store that a `mysql://` URL names. A server that is not there yet is waited for, three seconds.
 * @throws UnsuitableDatabaseError with the cure
 */
export function openMysql(url: Secret, options: { readonly clock?: Clock }): Promise<Store> {
  return openOn(url, (given) => openMysqlStore({ ...given, ...options }))
}

/**
 * The same for a copy.
 * @throws UnsuitableDatabaseError likewise
 */
export function openMysqlForCopy(url: Secret): Promise<BookTarget> {
  return openOn(url, openMysqlTarget)
}

async function openOn<Book>(url: Secret, open: (given: MysqlStoreOptions) => Promise<Book>): Promise<Book> {
  const parsed = parseMysqlUrl(url.reveal())
  if (!parsed.ok) {
    const lines = parsed.problems.map(({ problem, cure }) => `DATABASE_URL ${problem}: ${cure}`)
    throw new UnsuitableDatabaseError(lines.join('\n'))
  }
  const { target } = parsed
  const { createPool } = await import('mysql2').then(({ default: mysql2 }) => mysql2)
  try {
    const pool = createPool(poolOptionsOf(target))
    return await open({ pool, isLossAccepted: target.isLossAccepted })
  } catch (error) {
    throw await explainMysql(error, target)
  }
}

/**
 * Connections that are silent for long are closed here before the server closes them. The driver does so only where it
 * may keep fewer than it may open.
 */
function poolOptionsOf(target: MysqlTarget): PoolOptions {
  const { host, port, user, password, database, poolSize } = target
  const ssl = tlsOf(target)
  return {
    host,
    port,
    user,
    database,
    ...(password === null ? {} : { password: password.reveal() }),
    ...(ssl === null ? {} : { ssl }),
    multipleStatements: true,
    connectTimeout: DEFAULT_LIMITS.connectMs,
    connectionLimit: poolSize,
    // Calls that have given up wait on in the driver's queue: a server that is away for long must not make it endless.
    queueLimit: MAX_WAITING,
    maxIdle: poolSize - 1,
    idleTimeout: (DEFAULT_LIMITS.idleSeconds * 1_000) / 2,
    enableKeepAlive: true,
  }
}

/** As the modes of MySQL's own programs. */
function tlsOf({ sslMode, sslCa }: MysqlTarget): NonNullable<Exclude<PoolOptions['ssl'], string>> | null {
  if (sslMode === 'DISABLED') return null
  const ca = sslCa === null ? {} : { ca: readCertificates(sslCa) }
  if (sslMode === 'REQUIRED') return { ...ca, rejectUnauthorized: false }
  return { ...ca, rejectUnauthorized: true, verifyIdentity: sslMode === 'VERIFY_IDENTITY' }
}

function readCertificates(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new UnsuitableDatabaseError(
      'DATABASE_URL names with ssl-ca a file that cannot be read: correct the path, or its permissions',
      error,
    )
  }
}
