import { DatabaseFault, type FaultKind, RefusedError } from '../sql/faults.ts'

/**
 * By the server's five-letter codes, see appendix A of its manual. 25006: the server only reads, so it is not the one
 * to write to any more; another connection may reach its successor.
 */
const KINDS: Readonly<Record<string, FaultKind>> = {
  '23505': 'taken',
  '25006': 'gone',
  '25P03': 'gone',
  '40001': 'moved',
  '40P01': 'moved',
  '53300': 'gone',
  '55P03': 'late',
  '57P01': 'gone',
  '57P02': 'gone',
  '57P03': 'gone',
  '57P05': 'gone',
}

/** An error without a code is not the server's, but of the way to it. */
export function faultOf(error: unknown): DatabaseFault {
  const code = sqlStateOf(error)
  if (code === null || !(error instanceof Error)) return new DatabaseFault('gone', error)
  const kind = code.startsWith('08') ? 'gone' : (KINDS[code] ?? 'other')
  const reason = QUOTES_VALUES.test(code) ? 'a value does not fit, or its key is taken' : error.message
  return new DatabaseFault(kind, new RefusedError(`PostgreSQL refused (${code}): ${reason}`, { kind, code }))
}

/** Of these two classes the server quotes values of the rows it complains of. */
const QUOTES_VALUES = /^2[23]/

function sqlStateOf(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return null
  return 'severity' in error && /^[0-9A-Z]{5}$/.test(error.code) ? error.code : null
}

/** This user has no right to it. */
export function isForbidden(error: unknown): boolean {
  return error instanceof RefusedError && error.code === '42501'
}
