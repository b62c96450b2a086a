import { DatabaseFault } from '../sql/faults.ts'
import { type Sql, statement } from './sql.ts'

// What only PostgreSQL itself has: numbers of transactions that can be asked after, and timelines. An engine that
// speaks its protocol and lacks them (CockroachDB, YugabyteDB, Aurora) would need a row of each transaction's own
// instead, written in it and looked for here.

/** Which history the server's log belongs to: a standby that is promoted begins the next. */
const TIMELINE = 'substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8)'

/**
 * A number that left no trace on disk before a crash is given again by the server that recovers, on the same timeline:
 * so a history is that of one life of the server's shared memory. It ends with the first process, whose start any user
 * may see; and where another one crashes, the first goes on and makes the memory anew. All processes end with it, but an
 * ordinary user is shown no other's beginning. What they are all shown is that the statistics were begun anew, which
 * recovery does before it lets anybody in. If somebody resets them by hand, less is known than could be.
 */
const HISTORY = `${TIMELINE} || '@' || extract(epoch FROM pg_postmaster_start_time())::text || '@' ||
  extract(epoch FROM pg_stat_get_bgwriter_stat_reset_time())::text`

/** A transaction's number, and the history in which it has it; one that is not known is no other's. */
export const TRANSACTION_NUMBER = `pg_current_xact_id()::text || '/' || coalesce(${HISTORY}, '')`

/** In another history a number that nobody has completed is one of which nothing came over. */
const SELECT_STATUS = statement(
  `WITH server AS MATERIALIZED (
     SELECT CASE WHEN pg_is_in_recovery() THEN NULL ELSE coalesce(${HISTORY} = $2, false) END AS "isSameHistory"
   )
   SELECT "isSameHistory", CASE
       WHEN NOT "isSameHistory" AND $1::xid8 >= pg_snapshot_xmax(pg_current_snapshot()) THEN 'aborted'
       ELSE pg_xact_status($1::xid8) END AS status
     FROM server`,
)
/** The one that holds this number and no other: process ids are given again. */
const END_OWNER = statement(
  'SELECT pg_terminate_backend(pid, 1000) FROM pg_stat_activity WHERE backend_xid = ($1::xid8)::xid',
)
/** What was committed before this is answered is as safe as this: on disk, and with the standbys that are waited for. */
const BARRIER = `BEGIN;
  SELECT CASE current_setting('synchronous_commit') WHEN 'off' THEN set_config('synchronous_commit', 'on', true) END;
  UPDATE yaopai.write_probe SET tries = tries + 1 WHERE id = 1;
  COMMIT`

/**
 * Whether a transaction was committed whose COMMIT got no answer. Where the server still holds it, since COMMIT never
 * reached it, its connection is ended there and the transaction with it. A commit that is found may have reached this
 * server alone, and not yet the standby that would follow it: so a commit of our own is waited for after it.
 * After a crash, a restart or a fail-over a number may have been given again: then only that nothing came over can be told.
 * @throws DatabaseFault when that cannot be found out
 */
export async function wasCommitted(sql: Sql, number: string): Promise<boolean> {
  const first = await statusOf(sql, number)
  if (!first.isSameHistory) {
    if (first.status !== 'committed') return false
    throw new DatabaseFault(
      'other',
      new Error('After a crash, a restart or a fail-over it is not known what became of a commit'),
    )
  }
  const status = first.status === 'in progress' ? await statusAfterEnd(sql, number) : first.status
  if (status === 'committed') await sql.script(BARRIER)
  return status === 'committed'
}

async function statusAfterEnd(sql: Sql, number: string): Promise<string> {
  await sql.all(END_OWNER, xidOf(number))
  const { status } = await statusOf(sql, number)
  if (status === 'in progress') throw new DatabaseFault('other', new Error('A commit is still under way'))
  return status
}

interface Status {
  readonly isSameHistory: boolean
  readonly status: string
}

async function statusOf(sql: Sql, number: string): Promise<Status> {
  const [xid = '', history = ''] = number.split('/')
  const row = await sql.one<{ isSameHistory: boolean | null; status: string | null }>(
    SELECT_STATUS,
    xid,
    history,
  )
  // A standby cannot know what was still to come: another connection may reach the primary.
  if (row?.isSameHistory === null) throw new DatabaseFault('gone', new Error('The server is a standby'))
  if (row !== undefined && row.status !== null) {
    return { isSameHistory: row.isSameHistory, status: row.status }
  }
  throw new DatabaseFault('other', new Error('What became of a commit is no longer known'))
}

function xidOf(number: string): string {
  return number.split('/')[0] ?? ''
}
