import { resolve } from 'node:path'
import { restoreSqlite } from '../lib/store/sqlite/restore.ts'
import { CommandError, EXIT } from './exit.ts'
import { readDatabase } from './read-config.ts'
import { styled, type Terminal } from './terminal.ts'

interface RestoreOptions {
  readonly keepSessions?: boolean
  readonly yes?: boolean
}

const NOT_A_FILE =
  'DATABASE_URL names a database server: restore it with its own tools, then run yaopai sessions revoke --all --yes ' +
  'before the servers start, so that nothing that was revoked since the backup opens doors again'

/** `yaopai restore FILE`: a backup in the place of the book, while no server runs on it. */
export async function restore(backup: string, options: RestoreOptions, terminal: Terminal): Promise<number> {
  const database = readDatabase()
  if (database.kind !== 'sqlite') throw new CommandError(EXIT.config, NOT_A_FILE)
  const { file } = database
  await requireYes(file, options, terminal)
  terminal.say(`Checking ${resolve(backup)} …`)
  const { keepSessions: keepsSessions = false } = options
  const { ended, before } = await restoreSqlite({ file, backup, endsSessions: !keepsSessions })
  if (keepsSessions)
    terminal.say(`${styled('yellow', 'warning')}: sessions revoked since the backup live again`)
  const kept = before === null ? '' : `; the database before is kept as ${before}`
  terminal.data({ file, ended, before }, `${file} is the backup now, ${ended} sessions ended${kept}`)
  return EXIT.done
}

async function requireYes(file: string, { yes }: RestoreOptions, terminal: Terminal): Promise<void> {
  if (yes === true) return
  const question = `Put the backup in the place of ${file}? Bans and logins since the backup are gone then.`
  const answer = await terminal.confirm(question)
  if (answer === null) throw new CommandError(EXIT.usage, 'Nobody can be asked here: add --yes')
  if (!answer) throw new CommandError(EXIT.failed, 'Nothing was changed')
}
