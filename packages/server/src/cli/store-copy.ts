import { resolve } from 'node:path'
import process from 'node:process'
import { systemClock } from '../lib/clock.ts'
import type { DatabaseTarget } from '../lib/config.ts'
import { type CopyProgress, copyBook } from '../lib/copy-book.ts'
import { describeDatabase, readDatabaseUrl } from '../lib/load-config/database-url.ts'
import { noFindings } from '../lib/load-config/findings.ts'
import { reasonOf } from '../lib/load-config/layers.ts'
import { readTextFile } from '../lib/load-config/read-text-file.ts'
import { DatabaseError } from '../lib/store/database-error.ts'
import { openSqliteSource } from '../lib/store/sqlite/book-source.ts'
import { openBookTarget } from '../main/open-book-target.ts'
import { CommandError, EXIT } from './exit.ts'
import { type Terminal, table } from './terminal.ts'

export interface CopyOptions {
  readonly from: string
  readonly to: string
  readonly finish?: boolean
}

/** Between two lines of progress. */
const TELL_EVERY_MS = 2_000

/** `yaopai store copy`: from a file to a database server, also while a server runs on the file; the last time with `--finish`. */
export async function copyStore(options: CopyOptions, terminal: Terminal): Promise<number> {
  const isLast = options.finish === true
  const from = databaseOf('--from', options.from)
  const to = databaseOf('--to', options.to)
  if (from.kind !== 'sqlite')
    throw new CommandError(EXIT.usage, '--from must name a file, such as file:.yaopai/yaopai.db')
  if (to.kind === 'sqlite')
    throw new CommandError(
      EXIT.usage,
      '--to must name a database server: postgres://… or mysql://…; a file is copied by yaopai backup',
    )
  const finishAs = isLast ? describeDatabase(to) : null
  const { signal, done } = onInterrupt()
  const source = await inWordsOf('--from', async () => openSqliteSource({ file: from.file, finishAs }))
  try {
    const target = await inWordsOf('--to', () => openBookTarget(to))
    try {
      const tables = await copyBook({
        ...{ from: source, to: target, finishAs, clock: systemClock },
        ...{ report: teller(terminal), signal },
      })
      const rows = tables.map((one) => [
        one.table,
        ...[one.rows, one.written, one.dropped].map(String),
        one.sha256,
      ])
      terminal.data(
        { tables, isFinished: isLast },
        table([['table', 'rows', 'written', 'dropped', 'checksum'], ...rows]),
      )
      terminal.say(isLast ? FINISHED : NOT_FINISHED)
      return EXIT.done
    } finally {
      await target.close()
    }
  } finally {
    await source.close()
    done()
  }
}

const FINISHED =
  'Every row was read back and is the same. Set DATABASE_URL to the new database and start the servers.'
const NOT_FINISHED =
  'Every row was read back and is the same. A server that still runs on the file goes on writing: stop it, and run this ' +
  'again with --finish, which copies what is new and hands the book over.'

/** A store that does not open speaks of DATABASE_URL; here it is an option that names it. */
async function inWordsOf<Opened>(option: string, open: () => Promise<Opened>): Promise<Opened> {
  try {
    return await open()
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error
    throw new CommandError(error.exitCode, error.message.replaceAll('DATABASE_URL', option))
  }
}

/** A URL, or `@` and a file that holds it: what stands on a command line, everybody on the machine can read. */
function databaseOf(option: string, text: string): DatabaseTarget {
  const url = text.startsWith('@') ? urlIn(option, text.slice(1)) : text
  const findings = noFindings()
  const database = readDatabaseUrl(url, process.cwd(), findings)
  const [problem] = findings.problems
  if (problem !== undefined) {
    const cure = problem.cure.replace('DATABASE_URL=', '')
    throw new CommandError(EXIT.usage, `${option} ${problem.problem}. ${cure}`)
  }
  return database
}

function urlIn(option: string, path: string): string {
  const read = readTextFile(resolve(path))
  if (read.ok) return read.text.trim()
  // It may hold a password.
  if (path.includes('://')) throw new CommandError(EXIT.usage, `${option} must have no @ before a URL`)
  throw new CommandError(EXIT.usage, `${option} names a file that ${reasonOf(read)}: ${path}`)
}

function teller(terminal: Terminal): (progress: CopyProgress) => void {
  let toldAtMs = Number.NEGATIVE_INFINITY
  return ({ phase, table: name, rows, of }) => {
    const nowMs = performance.now()
    if (nowMs - toldAtMs < TELL_EVERY_MS) return
    toldAtMs = nowMs
    terminal.say(`${phase} ${name}: ${rows} of ${of}`)
  }
}

/** Ctrl-C ends after the page at hand: what was copied stays, and the next run goes on from there. */
function onInterrupt(): { readonly signal: AbortSignal; readonly done: () => void } {
  const abort = new AbortController()
  const stop = () => abort.abort(new CommandError(EXIT.failed, 'Broken off; run it again to go on from here'))
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
  const done = () => {
    process.removeListener('SIGINT', stop)
    process.removeListener('SIGTERM', stop)
  }
  return { signal: abort.signal, done }
}
