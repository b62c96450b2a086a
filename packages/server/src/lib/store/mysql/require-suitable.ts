import { UnsuitableDatabaseError } from '../sql/faults.ts'
import type { Session } from './session.ts'
import { sql } from './sql.ts'

const SELECT_SERVER = sql`SELECT VERSION() AS version, DATABASE() AS name`
/** A SELECT of a variable that one product lacks would fail; this gives what is there. */
const SHOW_VARIABLES = sql`SHOW GLOBAL VARIABLES WHERE Variable_name IN
  ('innodb_flush_log_at_trx_commit', 'sync_binlog', 'log_bin', 'binlog_format')`

/** @throws UnsuitableDatabaseError */
export async function requireSuitable(session: Session, isLossAccepted: boolean): Promise<void> {
  const [server, shown] = await session.ask([SELECT_SERVER, SHOW_VARIABLES])
  const { version = '', name = null } = server?.first<{ version: string; name: string | null }>() ?? {}
  const rows = shown?.rows<{ Variable_name: string; Value: string }>() ?? []
  const variables = new Map(rows.map((row) => [row.Variable_name.toLowerCase(), row.Value.toUpperCase()]))
  requireVersion(version)
  if (name === null) {
    throw new UnsuitableDatabaseError('DATABASE_URL names no database: mysql://user@host/database')
  }
  requireRowFormat(variables)
  if (!isLossAccepted) requireDurable(variables)
}

const OLDEST = { MariaDB: [10, 11], MySQL: [8, 0] } as const

/** What speaks the same protocol under another name has versions of its own, and is not judged by them. */
function requireVersion(version: string): void {
  const [, major = 0, minor = 0] = (/^(\d+)\.(\d+)/.exec(version) ?? []).map(Number)
  if (/tidb|oceanbase|polardb|tddl|vitess/i.test(version)) return
  const product = /mariadb/i.test(version) ? 'MariaDB' : 'MySQL'
  const [oldestMajor, oldestMinor] = OLDEST[product]
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return
  throw new UnsuitableDatabaseError(
    `${product} ${version} is too old, at least ${oldestMajor}.${oldestMinor} is needed: use a newer server`,
  )
}

type Variables = ReadonlyMap<string, string>

function requireRowFormat(variables: Variables): void {
  if (variables.get('log_bin') !== 'ON' || variables.get('binlog_format') !== 'STATEMENT') return
  throw new UnsuitableDatabaseError(
    'The server logs statements for its replicas, and refuses READ COMMITTED then: ' +
      'set binlog_format = ROW (or MIXED) in its configuration',
  )
}

/** A session cannot ask for more than the server gives here, so all that is left is to say it. */
function requireDurable(variables: Variables): void {
  const found = [
    'innodb_flush_log_at_trx_commit',
    ...(variables.get('log_bin') === 'ON' ? ['sync_binlog'] : []),
  ]
    .filter((name) => (variables.get(name) ?? '1') !== '1')
    .map((name) => `${name} = ${variables.get(name)}`)
  if (found.length === 0) return
  const cure = found.map((one) => one.replace(/=.*$/, '= 1')).join(' and ')
  throw new UnsuitableDatabaseError(
    `The server says that a commit is done before it is on disk (${found.join(', ')}): set ${cure} in its ` +
      'configuration, or accept with ?durability=relaxed in DATABASE_URL that a power failure takes the last ' +
      'logins and brings ended sessions back',
  )
}
