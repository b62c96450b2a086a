import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { LIB } from '../../own-files.ts'
import { isExpansion } from '../migration-names.ts'
import { UnsuitableDatabaseError } from './faults.ts'

export interface Migration {
  readonly name: string
  readonly sql: string
}

/** A row among the migrations: the book is a copy that is not finished, of the book that the row's digest names. */
export const CLAIM_MARK = '~copy not finished'

export const NOT_FINISHED =
  'The database holds a copy that is not finished: stop the servers on the old one, and run yaopai store copy again with --finish'

/** The files of a store's `migrations`, in the order of their numbers. They never change once they were published. */
export function readMigrationsOf(store: 'mysql' | 'postgres'): Migration[] {
  const folder = new URL(`store/${store}/migrations/`, LIB)
  return readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .sort()
    .map((name) => ({ name, sql: readFileSync(new URL(name, folder), 'utf8') }))
}

/**
 * That what the database notes of itself fits to what this version has.
 * @throws UnsuitableDatabaseError
 */
export function requireKnown(
  noted: readonly { readonly name: string; readonly sha256: string }[],
  migrations: readonly Migration[],
): void {
  const known = new Map(migrations.map(({ name, sql }) => [name, sha256(sql)]))
  for (const { name, sha256: digest } of noted) {
    const own = known.get(name)
    if (own === undefined && isExpansion(name)) continue
    if (own === undefined) {
      throw new UnsuitableDatabaseError(
        `A newer version has written the database (migration ${name}): run that version, or restore a backup of before`,
      )
    }
    if (own !== digest) {
      throw new UnsuitableDatabaseError(
        `The migration ${name} is not the one that the database got: install the published package again`,
      )
    }
  }
}

/** Line ends do not count: a checkout on Windows may have changed them. */
export function sha256(sql: string): string {
  return createHash('sha256').update(sql.replaceAll('\r\n', '\n')).digest('hex')
}
