import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'

/** Ticks a second in which Linux counts CPU time; 100 on every common machine. */
const TICKS_PER_SECOND = 100
const LAST_WORDS = 4_000
/** A peer may have to fill its own store first. */
const START_WITHIN_MS = 300_000

/** Servers run on the first core, load generators on the second: neither takes time from the other. */
export const SERVER_CORE = '0'
export const LOAD_CORE = '1'

export interface Running {
  readonly url: string
  readonly pid: number
  stop(): Promise<void>
}

interface Start {
  readonly core: string
  readonly command: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
  readonly url: string
  /** Answers below 500 once the server is up. */
  readonly readyPath: string
}

/** None outlives the bench, however that ends. */
const running = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(130))

/** A server that speaks HTTP. */
export async function start(order: Start): Promise<Running> {
  return startProgram({ ...order, isReady: () => answers(`${order.url}${order.readyPath}`) })
}

type ProgramStart = Omit<Start, 'readyPath'> & { readonly isReady: () => Promise<boolean> }

/** Any program, on its core, as soon as it is ready. */
export async function startProgram(order: ProgramStart): Promise<Running> {
  const child = spawn('taskset', ['-c', order.core, ...order.command], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...order.env },
    ...(order.cwd === undefined ? {} : { cwd: order.cwd }),
  })
  running.add(child)
  child.once('exit', () => running.delete(child))
  await becomesReady(child, order, lastWordsOf(child))
  if (child.pid === undefined) throw new Error(`${order.command[0]} did not start`)
  return { url: order.url, pid: child.pid, stop: () => stop(child) }
}

/** What it said to stderr, for the case that it fails; else a server's own chatter is no part of the report. */
function lastWordsOf(child: ChildProcess): () => string {
  let words = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    words = (words + text).slice(-LAST_WORDS)
  })
  return () => words
}

async function becomesReady(
  child: ChildProcess,
  { isReady, url }: ProgramStart,
  lastWords: () => string,
): Promise<void> {
  const giveUpAtMs = Date.now() + START_WITHIN_MS
  while (Date.now() < giveUpAtMs) {
    if (child.exitCode !== null)
      throw new Error(
        `A server of the bench ended with ${child.exitCode} before it answered:\n${lastWords()}`,
      )
    if (await isReady()) return
    await pause(20)
  }
  child.kill('SIGKILL')
  throw new Error(`Nothing answered at ${url}:\n${lastWords()}`)
}

async function answers(url: string): Promise<boolean> {
  const response = await fetch(url).catch(() => null)
  await response?.body?.cancel()
  return response !== null && response.status < 500
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  await ended
}

/** Seconds of CPU, user and system, that a process and its children have used. */
export function cpuSeconds(pid: number): number {
  const ticks = [pid, ...descendants(pid)].map(ownTicks)
  return ticks.reduce((sum, own) => sum + own, 0) / TICKS_PER_SECOND
}

export function residentMiB(pid: number): number {
  const line = readFileSync(`/proc/${pid}/status`, 'utf8').match(/^VmRSS:\s+(\d+) kB/m)
  return Number(line?.[1] ?? 0) / 1024
}

function ownTicks(pid: number): number {
  const fields = statFields(pid)
  return Number(fields[11] ?? 0) + Number(fields[12] ?? 0)
}

function descendants(pid: number): number[] {
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((candidate) => Number(statFields(candidate)[1]) === pid)
  return children.flatMap((child) => [child, ...descendants(child)])
}

/** Fields of /proc/PID/stat from the third on; the second, a name in brackets, may hold anything. */
function statFields(pid: number): string[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  } catch {
    return []
  }
}
