import { resolve } from 'node:path'
import { backupSqlite } from '../lib/store/sqlite/backup.ts'
import { CommandError, EXIT } from './exit.ts'
import { readDatabase } from './read-config.ts'
import type { Terminal } from './terminal.ts'

const NOT_A_FILE =
  'DATABASE_URL names a database server: back it up with its own tools, see docs/guide/operating.md'
const MIB = 1_048_576

/** `yaopai backup FILE`: a process of its own, so that the copying holds nobody up. */
export async function backup(toFile: string, terminal: Terminal): Promise<number> {
  const database = readDatabase()
  if (database.kind !== 'sqlite') throw new CommandError(EXIT.config, NOT_A_FILE)
  const { file } = database
  terminal.say(`Copying ${file} …`)
  const { bytes } = await backupSqlite({ file, toFile })
  const path = resolve(toFile)
  terminal.data({ file: path, bytes }, `${path}  ${(bytes / MIB).toFixed(1)} MiB, checked and on disk`)
  return EXIT.done
}
