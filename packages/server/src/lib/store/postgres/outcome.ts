import { PostgresFault } from './errors.ts'
import { type Sql, statement } from './sql.ts'

// What only PostgreSQL itself has: numbers of transactions that can be asked after, and timelines. An engine that
// speaks its protocol and lacks them (CockroachDB, YugabyteDB, Aurora) would need a row of each transaction's own
// instead, written in it and looked for here.

/** Which history the server's log belongs to: a standby that is promoted begins the next. */
const TIMELINE = 'substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8)'

/**
 * A number that left no trace on disk before a crash is given again by the server that recovers, on the same timeline:
 * so a history ends with each crash. One back end that dies takes all others with it, and the server recovers under the
 * first process that it had before. What tells of every recovery is when its statistics began: they survive none
 * (Monitoring Database Activity, 28.2).
 */
export const HISTORY = `${TIMELINE} || '@' || extract(epoch FROM pg_postmaster_start_time())::text
  || '@' || coalesce((SELECT extract(epoch FROM stats_reset)::text FROM pg_stat_bgwriter), '')`

/** A transaction of this server's in all its histories. */
export const TRANSACTION_NUMBER = 'pg_current_xact_id()::text'

/** A transaction's number, and the history in which it has it. */
export interface TransactionName {
  readonly number: string
  readonly history: string
}

/** In another history a number that nobody has completed is one of which nothing came over. */
const SELECT_STATUS = statement(
  `WITH server AS MATERIALIZED (
     SELECT CASE WHEN pg_is_in_recovery() THEN NULL ELSE ${HISTORY} = $2 END AS "isSameHistory"
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
 * @throws PostgresFault when that cannot be found out
 */
export async function wasCommitted(sql: Sql, name: TransactionName): Promise<boolean> {
  const first = await statusOf(sql, name)
  if (!first.isSameHistory) {
    if (first.status === 'aborted') return false
    throw new PostgresFault(
      new Error('After a crash, a restart or a fail-over it is not known what became of a commit'),
      'other',
    )
  }
  const status = first.status === 'in progress' ? await statusAfterEnd(sql, name) : first.status
  if (status === 'committed') await sql.script(BARRIER)
  return status === 'committed'
}

async function statusAfterEnd(sql: Sql, name: TransactionName): Promise<string> {
  await sql.all(END_OWNER, name.number)
  const { status } = await statusOf(sql, name)
  if (status === 'in progress') throw new PostgresFault(new Error('A commit is still under way'), 'other')
  return status
}

interface Status {
  readonly isSameHistory: boolean
  readonly status: string
}

async function statusOf(sql: Sql, { number, history }: TransactionName): Promise<Status> {
  const row = await sql.one<{ isSameHistory: boolean | null; status: string | null }>(
    SELECT_STATUS,
    number,
    history,
  )
  // A standby cannot know what was still to come: another connection may reach the primary.
  if (row?.isSameHistory === null) throw new PostgresFault(new Error('The server is a standby'), 'gone')
  if (row !== undefined && row.status !== null) {
    return { isSameHistory: row.isSameHistory, status: row.status }
  }
  throw new PostgresFault(new Error('What became of a commit is no longer known'), 'other')
}
