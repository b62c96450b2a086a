import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'
import process from 'node:process'
import { programArgs } from '../../../tools/testing/programs.ts'

const YAOPAI = await programArgs('yaopai')
const SOURCE_FLAGS = ['--conditions=yaopai-source', '--import', import.meta.resolve('tsx')]
const START_WITHIN_MS = 60_000

export interface Ended {
  readonly exitCode: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

type Env = Readonly<Record<string, string>>

interface Running {
  readonly child: ChildProcess
  readonly output: { readonly stdout: string; readonly stderr: string }
  readonly ended: Promise<Ended>
}

/** How a process is started other than plainly. */
export interface Spawning {
  /** A program and its arguments that run the server, such as strace; it must become or pass on to the server. */
  readonly under?: readonly string[]
  /** Where standard output goes in place of a pipe. */
  readonly stdoutFile?: string
  /** The `cli.ts` of another version, which is run from its source. */
  readonly cli?: string
}

/** Nothing of this process's environment but what programs need to run. */
function spawnYaopai(cwd: string, env: Env, args: readonly string[], spawning: Spawning = {}): Running {
  const base = { PATH: process.env['PATH'] ?? '', HOME: cwd, NO_COLOR: '1' }
  const { under = [], stdoutFile, cli } = spawning
  const program = cli === undefined ? YAOPAI : [...SOURCE_FLAGS, cli]
  const [command = process.execPath, ...rest] = [...under, process.execPath, ...program, ...args]
  const descriptor = stdoutFile === undefined ? null : openSync(stdoutFile, 'a')
  const child = spawn(command, rest, {
    cwd,
    env: { ...base, ...env },
    stdio: ['pipe', descriptor ?? 'pipe', 'pipe'],
  })
  if (descriptor !== null) closeSync(descriptor)
  const output = outputOf(child, stdoutFile)
  const ended = once(child, 'close').then(() => ({
    exitCode: child.exitCode,
    signal: child.signalCode,
    stdout: output.stdout,
    stderr: output.stderr,
  }))
  return { child, output, ended }
}

function outputOf(child: ChildProcess, stdoutFile: string | undefined): Running['output'] {
  const said = { stdout: '', stderr: '' }
  child.stdout?.on('data', (chunk: Buffer) => {
    said.stdout += chunk.toString()
  })
  child.stderr?.on('data', (chunk: Buffer) => {
    said.stderr += chunk.toString()
  })
  if (stdoutFile === undefined) return said
  return {
    get stdout() {
      return readFileSync(stdoutFile, 'utf8')
    },
    get stderr() {
      return said.stderr
    },
  }
}

/** Runs a command to its end. */
export function runYaopai(
  cwd: string,
  env: Env,
  args: readonly string[],
  { isReaderGone = false } = {},
): Promise<Ended> {
  const { child, ended } = spawnYaopai(cwd, env, args)
  if (isReaderGone) child.stdout?.destroy()
  child.stdin?.end()
  const timer = setTimeout(() => child.kill('SIGKILL'), START_WITHIN_MS)
  return ended.finally(() => clearTimeout(timer))
}

/** `yaopai serve` or `dev` in a process of its own. */
export interface ServeProcess {
  readonly publicUrl: string
  readonly internalUrl: string
  readonly pid: number
  readonly ended: Promise<Ended>
  readonly output: { readonly stdout: string; readonly stderr: string }
  signal(name: NodeJS.Signals): void
  /** SIGTERM, and how it ended. */
  stop(): Promise<Ended>
  /** kill -9. */
  kill(): Promise<Ended>
}

/** @throws Error with what it printed when it ends before it listens */
export async function startServe(
  cwd: string,
  env: Env,
  args: readonly string[],
  spawning: Spawning = {},
): Promise<ServeProcess> {
  const { child, output, ended } = spawnYaopai(cwd, env, args, spawning)
  const { publicUrl, internalUrl } = await whenStarted(child, output)
  const end = (signal: NodeJS.Signals) => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal)
    return ended
  }
  return {
    publicUrl,
    internalUrl,
    pid: child.pid ?? 0,
    ended,
    output,
    signal: (name) => void child.kill(name),
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  }
}

async function whenStarted(
  child: ChildProcess,
  output: { readonly stdout: string; readonly stderr: string },
): Promise<{ publicUrl: string; internalUrl: string }> {
  const untilMs = Date.now() + START_WITHIN_MS
  while (Date.now() < untilMs) {
    const line = output.stdout.split('\n').find((text) => text.includes('"server.started"'))
    // What it says to people comes last.
    if (line !== undefined && output.stderr.includes('for back ends')) return JSON.parse(line)
    if (child.exitCode !== null || child.signalCode !== null) break
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  child.kill('SIGKILL')
  throw new Error(`yaopai serve did not start. It printed:\n${output.stdout}\n${output.stderr}`)
}
