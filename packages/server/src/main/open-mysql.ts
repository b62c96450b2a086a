import { readFileSync } from 'node:fs'
import type { PoolOptions } from 'mysql2'
import type { Clock } from '../lib/clock.ts'
import { type MysqlTarget, parseMysqlUrl } from '../lib/load-config/mysql-url.ts'
import type { Secret } from '../lib/secret.ts'
import { UnsuitableDatabaseError } from '../lib/store/mysql/errors.ts'
import { DEFAULT_LIMITS } from '../lib/store/mysql/limits.ts'
import { openMysqlStore } from '../lib/store/mysql/mysql-store.ts'
import type { Store } from '../lib/store/store.ts'
import { explainMysql } from './explain-mysql.ts'

/**
 * The store that a `mysql://` URL names. A server that is not there yet is waited for, three seconds.
 * @throws UnsuitableDatabaseError with the cure
 */
export async function openMysql(url: Secret, options: { readonly clock?: Clock }): Promise<Store> {
  const parsed = parseMysqlUrl(url.reveal())
  if (!parsed.ok) {
    const lines = parsed.problems.map(({ problem, cure }) => `DATABASE_URL ${problem}: ${cure}`)
    throw new UnsuitableDatabaseError(lines.join('\n'))
  }
  const { target } = parsed
  const { createPool } = await import('mysql2').then(({ default: mysql2 }) => mysql2)
  try {
    const pool = createPool(poolOptionsOf(target))
    return await openMysqlStore({ pool, isLossAccepted: target.isLossAccepted, ...options })
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
