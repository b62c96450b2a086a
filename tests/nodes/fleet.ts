import assert from 'node:assert/strict'
import { type FaultProxy, startFaultProxy } from '../faults/proxy.ts'
import { checkHistory, type Verdict } from '../histories/check.ts'
import { type History, openHistory } from '../histories/history.ts'
import { call } from '../serve/support/client.ts'
import type { ServeProcess, Spawning } from '../serve/support/processes.ts'
import { createRig, type Rig } from '../serve/support/rig.ts'
import type { BookServer, Engine } from './engines.ts'
import { createRecorder, type Recorder } from './recorder.ts'

type Env = Readonly<Record<string, string>>

/** Servers in processes of their own, on one database that they reach through a proxy. */
export interface Fleet {
  /** By name; who restarts one puts the new one here. */
  readonly nodes: Map<string, ServeProcess>
  readonly rig: Rig
  readonly book: BookServer
  readonly proxy: FaultProxy
  /** For commands: past the proxy. */
  readonly direct: Record<string, string>
  /** Starts a node, or another one in the place of it. */
  start(name: string, more?: { readonly env?: Env; readonly spawning?: Spawning }): Promise<ServeProcess>
  node(name: string): ServeProcess
  record(): { readonly history: History; readonly recorder: Recorder }
  /** Replays what was written down, with what the servers wrote down themselves: nothing may be wrong. */
  judge(history: History, t: { diagnostic(text: string): void }): Promise<Verdict>
  /** What was asked and not answered with yes or no, and what the nodes say of it in their logs. */
  unanswered(history: History): string[]
  /** The sum of a metric's lines, or of one of its lines. */
  metric(node: string, line: string): Promise<number>
  close(): Promise<void>
}

/** @param env what all nodes are given beside the database */
export async function startFleet(engine: Engine, names: readonly string[], env: Env = {}): Promise<Fleet> {
  const cleanUps: (() => unknown)[] = []
  const book = await engine.start()
  const proxy = await startFaultProxy(book.port)
  const rig = await createRig({
    after: (work) => cleanUps.push(() => Reflect.apply(Object(work), undefined, [])),
  })
  const close = async () => {
    for (const cleanUp of cleanUps) await cleanUp()
    await proxy.close()
    await book.remove()
  }
  const fleet = fleetOf({ book, proxy, rig, close }, env)
  try {
    await Promise.all(names.map((name) => fleet.start(name)))
    return fleet
  } catch (error) {
    await close()
    throw error
  }
}

function fleetOf(parts: Pick<Fleet, 'book' | 'proxy' | 'rig' | 'close'>, shared: Env): Fleet {
  const { book, proxy, rig } = parts
  const nodes = new Map<string, ServeProcess>()
  const direct = { ...shared, DATABASE_URL: book.url }
  const throughProxy = { ...shared, DATABASE_URL: book.url.replace(`:${book.port}/`, `:${proxy.port}/`) }
  const node = (name: string) => {
    const found = nodes.get(name)
    if (found === undefined) throw new Error(`No node ${name} was started`)
    return found
  }
  return {
    ...parts,
    nodes,
    direct,
    node,
    async start(name, { env = {}, spawning = {} } = {}) {
      const started = await rig.serve({ ...throughProxy, ...env }, [], 'serve', spawning)
      nodes.set(name, started)
      return started
    },
    record() {
      const history = openHistory()
      return { history, recorder: createRecorder(rig, nodes, history) }
    },
    judge: (history, t) => judge(book, history, t),
    unanswered: (history) => unanswered(history, nodes),
    metric: async (name, line) => metricOf(node(name), line),
  }
}

async function judge(
  book: BookServer,
  history: History,
  t: { diagnostic(text: string): void },
): Promise<Verdict> {
  const rows = await book.ask(
    `SELECT type, session_id FROM ${book.table('events')} WHERE session_id IS NOT NULL`,
  )
  for (const { type, session_id } of rows) history.audit(`${type} ${session_id}`)
  const verdict = checkHistory(history.lines)
  const { violations, ...figures } = verdict
  t.diagnostic(JSON.stringify(figures))
  assert.deepEqual(violations, [])
  return verdict
}

function unanswered({ lines }: History, nodes: ReadonlyMap<string, ServeProcess>): string[] {
  const failures = lines.flatMap((line) => {
    if (line.kind === 'mark' || line.kind === 'audit' || line.outcome !== 'unknown') return []
    return [`${line.kind} on ${line.node}: ${line.reason}`]
  })
  return failures.length === 0 ? [] : [...failures, ...[...nodes].flatMap(errorsOf)]
}

function errorsOf([name, { output }]: [string, ServeProcess]): string[] {
  const lines = output.stdout.split('\n').filter((line) => line.includes('_unavailable'))
  return lines.map((line) => `log of ${name}: ${line}`)
}

/** @param line as the page has it behind `yaopai_`, with or without its labels */
async function metricOf({ internalUrl }: ServeProcess, line: string): Promise<number> {
  const { text } = await call('GET', `${internalUrl}/metrics`)
  const found = text.split('\n').filter((each) => each.startsWith(`yaopai_${line}`))
  return found.reduce((sum, each) => sum + Number(each.split(' ').at(-1)), 0)
}
