import { PostgresFault } from './errors.ts'
import { type Sql, statement } from './sql.ts'

const SELECT_STATUS = statement('SELECT pg_xact_status($1::xid8) AS status')
/** The one that holds this number and no other: process ids are given again. */
const END_OWNER = statement(
  'SELECT pg_terminate_backend(pid, 1000) FROM pg_stat_activity WHERE backend_xid = ($1::xid8)::xid',
)

/**
 * Whether a transaction was committed whose COMMIT got no answer. Where the server still holds it, since COMMIT never
 * reached it, its connection is ended there and the transaction with it.
 * @throws PostgresFault when that cannot be found out
 */
export async function wasCommitted(sql: Sql, xid: string): Promise<boolean> {
  const first = await statusOf(sql, xid)
  if (first !== 'in progress') return first === 'committed'
  await sql.all(END_OWNER, xid)
  const second = await statusOf(sql, xid)
  if (second === 'in progress') throw new PostgresFault(new Error('A commit is still under way'), 'other')
  return second === 'committed'
}

async function statusOf(sql: Sql, xid: string): Promise<string> {
  const row = await sql.one<{ status: string | null }>(SELECT_STATUS, xid)
  if (typeof row?.status === 'string') return row.status
  throw new PostgresFault(new Error('What became of a commit is no longer known'), 'other')
}
