import type { DatabaseTarget } from '../lib/config.ts'
import type { BookTarget } from '../lib/store/book.ts'

/**
 * The database server that a book is copied to. Its tables are made where they are missing.
 * @throws DatabaseError with the cure
 */
export async function openBookTarget(
  database: Exclude<DatabaseTarget, { kind: 'sqlite' }>,
): Promise<BookTarget> {
  if (database.kind === 'mysql') {
    const { openMysqlForCopy } = await import('./open-mysql.ts')
    return openMysqlForCopy(database.url)
  }
  const { openPostgresForCopy } = await import('./open-postgres.ts')
  return openPostgresForCopy(database.url)
}
