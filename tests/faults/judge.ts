import { setTimeout as sleep } from 'node:timers/promises'
import { least } from '../histories/book.ts'
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

/** Asks for every session once more on every node, stops the servers, reads the book, and checks all against the history. */
export async function judge(world: World, options: JudgeOptions = {}): Promise<Outcome> {
  const { history, nodes, sessions } = world
  const lastLogins = options.isWithoutRecovery ? [] : await logInEverywhere(world)
  history.mark('recovered', 'the clients ask for everything once more')
  for (const { client } of nodes) await inTurns(sessions, 16, (session) => client.validate(session))
  const ends = await Promise.all(nodes.map((node) => node.server().stop()))
  const book = await world.book.read()
  for (const name of book.audit) history.audit(name)
  history.close()
  const verdict = checkHistory(history.lines)
  const broken = [
    ...(options.broken ?? []),
    ...lastLogins,
    ...verdict.violations.map(({ rule, what }) => `(${rule}) ${what}`),
    ...book.halfDone,
    ...ends.flatMap(({ exitCode, stderr }) =>
      exitCode === 0 ? [] : [`a server ended with ${exitCode} ${stderr}`],
    ),
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

const LAST_LOGIN_TRIES = 40

/** A fault that nobody recovers from would else be one whose recovery is not measured. */
async function logInEverywhere(world: World): Promise<string[]> {
  const broken: string[] = []
  for (const node of world.nodes) {
    let session = await world.login(undefined, { node })
    for (let turn = 0; turn < LAST_LOGIN_TRIES && session === null; turn += 1) {
      await sleep(250)
      session = await world.login(undefined, { node })
    }
    if (session === null) broken.push(`node ${node.name} logged nobody in any more`)
    else await node.client.validate(session)
  }
  return broken
}

/** From the end of a fault until every node answered both a login and a question with success; the longest of all faults. */
function recoveryMs({ history, nodes }: World): number | null {
  const ended = history.lines.filter((line) => line.kind === 'mark' && line.mark === 'fault.ended')
  const each = ended.flatMap((mark) =>
    nodes.flatMap(({ name }) =>
      (['login', 'validate'] as const).map((kind) => {
        const atMs = 'atMs' in mark ? mark.atMs : 0
        const answers = history.lines.filter(
          (line): line is Operation =>
            line.kind === kind && line.node === name && line.outcome === 'ok' && line.invokedAtMs >= atMs,
        )
        return least(answers.map(({ ackedAtMs }) => ackedAtMs - atMs))
      }),
    ),
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

/** Logins that no answer ever came to, however often they were asked again with their code and nonce. */
export function countUnresolved({ history }: World): number {
  const logins = history.lines.filter((line): line is Operation => line.kind === 'login')
  const answered = new Set(logins.filter(({ outcome }) => outcome !== 'unknown').map(({ code }) => code))
  return new Set(logins.map(({ code }) => code).filter((code) => !answered.has(code))).size
}

/** The longest that a client waited for an answer of this kind. */
export function slowestMs({ history }: World, kind: Operation['kind']): number {
  const lines = history.lines.filter((line): line is Operation => line.kind === kind)
  const waits = lines.map(({ ackedAtMs, invokedAtMs }) => ackedAtMs - invokedAtMs)
  return Math.round(waits.reduce((longest, wait) => Math.max(longest, wait), 0))
}

/** Each request, or each of a kind, that got no answer or a 5xx, and why. */
export function unansweredReasons({ history }: World, wanted?: Operation['kind']): string[] {
  const lines = history.lines.filter(
    (line): line is Operation =>
      'outcome' in line && line.outcome === 'unknown' && (wanted ?? line.kind) === line.kind,
  )
  const [first] = history.lines.filter((line) => 'invokedAtMs' in line)
  return lines.map(({ kind, node, reason, invokedAtMs, ackedAtMs }) => {
    const atMs = Math.round(invokedAtMs - (first?.invokedAtMs ?? 0))
    return `${kind} on ${node} at ${atMs} ms was not answered: ${reason} after ${Math.round(ackedAtMs - invokedAtMs)} ms`
  })
}
