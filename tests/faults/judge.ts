import { loadDriver, type SqliteDatabase } from '../../packages/server/src/lib/store/sqlite/driver.ts'
import { checkHistory } from '../histories/check.ts'
import type { Operation } from '../histories/history.ts'
import { NOTHING, type Outcome } from './scenario.ts'
import type { World } from './world.ts'

export interface JudgeOptions {
  /** Where the fault has no end that service could be measured from. */
  readonly isWithoutRecovery?: boolean
  readonly figures?: Record<string, number>
  readonly broken?: readonly string[]
}

/** Asks for every session once more, stops the server, reads the book, and checks all against the history. */
export async function judge(world: World, options: JudgeOptions = {}): Promise<Outcome> {
  const { history, client, sessions } = world
  history.mark('recovered', 'the clients ask for everything once more')
  await inTurns(sessions, 16, (session) => client.validate(session))
  const stopped = await world.server().stop()
  const book = readBook(world.databaseFile)
  for (const name of book.audit) history.audit(name)
  history.close()
  const verdict = checkHistory(history.lines)
  const broken = [
    ...(options.broken ?? []),
    ...verdict.violations.map(({ rule, what }) => `(${rule}) ${what}`),
    ...book.halfDone,
    ...(stopped.exitCode === 0 ? [] : [`the server ended with ${stopped.exitCode} ${stopped.stderr}`]),
  ]
  return {
    ...NOTHING,
    ops: verdict.ops,
    acked: verdict.acked,
    lost: verdict.lost,
    wronglyAccepted: verdict.wronglyAccepted,
    halfDone: book.halfDone.length,
    unknown: verdict.unknown,
    longestUnavailabilityMs: Math.round(verdict.longestUnavailabilityMs),
    recoveryMs: options.isWithoutRecovery ? null : recoveryMs(world),
    broken,
    figures: options.figures ?? {},
  }
}

/** From the end of a fault until both a login and a question were answered with success; the longest of all faults. */
function recoveryMs({ history }: World): number | null {
  const ended = history.lines.filter((line) => line.kind === 'mark' && line.mark === 'fault.ended')
  const each = ended.flatMap((mark) =>
    (['login', 'validate'] as const).map((kind) => {
      const atMs = 'atMs' in mark ? mark.atMs : 0
      const answers = history.lines.filter(
        (line): line is Operation => line.kind === kind && line.outcome === 'ok' && line.invokedAtMs >= atMs,
      )
      return Math.min(...answers.map(({ ackedAtMs }) => ackedAtMs - atMs))
    }),
  )
  const longest = Math.max(0, ...each.filter(Number.isFinite))
  return each.length === 0 ? null : Math.round(longest)
}

/** Of some kind of operation: how many, and how many were answered with success. */
interface Counts {
  readonly asked: number
  readonly ok: number
  /** Of a session that somebody had ended, that is an answer too; whether it was due is for the checker to say. */
  readonly refused: number
}

export function countOf(world: World, kind: Operation['kind'], sinceMs = 0): Counts {
  const asked = world.history.lines.filter(
    (line): line is Operation => line.kind === kind && 'invokedAtMs' in line && line.invokedAtMs >= sinceMs,
  )
  const having = (wanted: Operation['outcome']) => asked.filter(({ outcome }) => outcome === wanted).length
  return { asked: asked.length, ok: having('ok'), refused: having('refused') }
}

export async function inTurns<Item>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<unknown>,
): Promise<void> {
  const waiting = [...items]
  const worker = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item)
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
}

interface BookReading {
  readonly halfDone: string[]
  /** As the history names them: type and session. */
  readonly audit: string[]
}

/** Each question finds what a login or its end would have left behind in part. */
const HALVES: readonly [what: string, sql: string][] = [
  [
    'code without session',
    'SELECT count(*) FROM codes WHERE selector NOT IN (SELECT selector FROM sessions)',
  ],
  [
    'session without code',
    'SELECT count(*) FROM sessions WHERE selector NOT IN (SELECT selector FROM codes)',
  ],
  [
    'session without identity',
    `SELECT count(*) FROM sessions s WHERE openid <> ''
        AND NOT EXISTS (SELECT 1 FROM identities i WHERE i.appid = s.appid AND i.openid = s.openid)`,
  ],
  ['identity without user', 'SELECT count(*) FROM identities WHERE user_id NOT IN (SELECT id FROM users)'],
  ['user without identity', 'SELECT count(*) FROM users WHERE id NOT IN (SELECT user_id FROM identities)'],
  [
    'ended without a change',
    `SELECT count(*) FROM sessions s WHERE ended_at_ms IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM changes c WHERE c.selector IS s.selector OR c.selector IS NULL)`,
  ],
  ['broken page', "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'"],
  ['reference to nothing', 'SELECT count(*) FROM pragma_foreign_key_check'],
]

export function readBook(file: string): BookReading {
  const db = loadDriver().open(file)
  try {
    const halfDone = HALVES.flatMap(([what, sql]) => {
      const count = numbersOf(db, sql)[0] ?? 0
      return count === 0 ? [] : [`half done: ${what}: ${count}`]
    })
    const lines = db
      .prepare(
        `SELECT type || ' ' || session_id AS name FROM events
          WHERE session_id IS NOT NULL AND type IN ('login.succeeded', 'session.ended')`,
      )
      .all()
    return { halfDone, audit: lines.map((line) => String(Object(line).name)) }
  } finally {
    db.close()
  }
}

function numbersOf(db: SqliteDatabase, sql: string): number[] {
  return Object.values(Object(db.prepare(sql).get())).map(Number)
}
