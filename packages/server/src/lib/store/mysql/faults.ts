import { DatabaseFault, type FaultKind, RefusedError } from '../sql/faults.ts'

/**
 * By the numbers that MySQL and MariaDB have in common, and some of one alone. A server that only reads (1290, 1792,
 * 1836) is not the one to write to any more; another connection may reach its successor.
 */
const KINDS: Readonly<Record<number, FaultKind>> = {
  1020: 'moved', // the row has changed since it was read (MariaDB)
  1040: 'gone', // too many connections
  1047: 'gone', // a node that has left its cluster (Galera)
  1053: 'gone', // shutting down
  1062: 'taken',
  1158: 'gone', // 1158 to 1161: the network
  1159: 'gone',
  1160: 'gone',
  1161: 'gone',
  1203: 'gone', // too many connections of this user
  1205: 'late',
  1213: 'moved',
  1226: 'gone', // this user's share is used up
  1290: 'gone',
  1317: 'gone', // somebody ended the statement
  1792: 'gone',
  1836: 'gone',
  1927: 'gone', // somebody ended the connection (MariaDB)
  3101: 'moved', // another node of the group was first (MySQL)
  3169: 'gone', // somebody ended the connection (MySQL)
  3572: 'late', // NOWAIT (MySQL; MariaDB says 1205)
  4031: 'gone', // silent for too long (MySQL)
  8002: 'moved', // TiDB: two transactions wrote the same
  8022: 'moved',
  8028: 'moved',
  9007: 'moved',
}

/** An error without a number is not the server's, but of the way to it. */
export function faultOf(error: unknown): DatabaseFault {
  if (!(error instanceof Error)) return new DatabaseFault('gone', error)
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  const number = numberOf(error)
  if (number === null) return new DatabaseFault('gone', bare(error, code))
  const kind = KINDS[number] ?? 'other'
  return new DatabaseFault(
    kind,
    new RefusedError(`MySQL refused (${number} ${code})`, { kind, code: number }),
  )
}

function numberOf(error: Error): number | null {
  if (!('errno' in error) || !('sqlState' in error)) return null
  return typeof error.errno === 'number' ? error.errno : null
}

/** The driver adds the whole statement to an error: no openid belongs in a log. */
function bare(error: Error, code: string): Error {
  const hint = code === '' || error.message.includes(code) ? '' : ` (${code})`
  return Object.assign(new Error(`${error.message}${hint}`), { code })
}

const ONLY_READS: ReadonlySet<string | number> = new Set([1290, 1792, 1836])

/** The server takes no writes, so it has committed none either. */
export function saysReadOnly({ code }: RefusedError): boolean {
  return ONLY_READS.has(code)
}
