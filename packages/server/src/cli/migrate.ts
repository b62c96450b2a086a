import { describeDatabase } from '../lib/load-config/database-url.ts'
import { EXIT } from './exit.ts'
import { readDatabase, withStore } from './read-config.ts'
import type { Terminal } from './terminal.ts'

/** `yaopai migrate`: opening a book brings it up to date; a file needs its server stopped for that. */
export function migrateDatabase(terminal: Terminal): Promise<number> {
  return withStore(terminal, async (store) => {
    await store.check()
    const database = describeDatabase(readDatabase())
    terminal.data({ database, isUpToDate: true }, `${database} is up to date`)
    return EXIT.done
  })
}
