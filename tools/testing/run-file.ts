import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { pathToFileURL } from 'node:url'
import { root } from '../setup.mjs'
import { parseEvents } from './parse-events.ts'
import { testFileArgs } from './programs.ts'
import type { TestResult } from './results.ts'

export type FileRun = { tests: TestResult[]; output: string; ms: number }

const outputKeptBytes = 64 * 1024

/** Runs one test file in its own process; whatever goes wrong with the process is a failed test of its own. */
export async function runFile(group: string, file: string, timeoutMs: number): Promise<FileRun> {
  const folder = mkdtempSync(join(tmpdir(), 'yaopai-test-'))
  const eventsFile = join(folder, 'events.jsonl')
  const startedAtMs = Date.now()
  try {
    const { ended, output } = await runProcess(file, eventsFile, timeoutMs)
    const { tests, unfinished } = parseEvents(readOrEmpty(eventsFile), group, file)
    const ms = Date.now() - startedAtMs
    const wrong = processFailure(ended, tests, unfinished, timeoutMs)
    if (!wrong) return { tests, output, ms }
    const failure: TestResult = {
      group,
      file,
      titles: [file],
      kind: 'test',
      status: 'failed',
      error: wrong,
      ms,
    }
    return { tests: [...tests, failure], output, ms }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

type Ended = { code: number | null; signal: string | null; timedOut: boolean }

function processFailure(
  { code, signal, timedOut }: Ended,
  tests: TestResult[],
  unfinished: string[],
  timeoutMs: number,
): string | undefined {
  const during = unfinished.length > 0 ? `; unfinished: ${unfinished.join(' › ')}` : ''
  if (timedOut) return `did not end within ${timeoutMs / 1000} s and was killed${during || '; open handles?'}`
  if (signal) return `ended by ${signal}${during}`
  if (code !== 0 && !tests.some((test) => test.status === 'failed'))
    return `ended with exit code ${code}${during}`
  if (unfinished.length > 0) return `ended before its tests did${during}`
  return tests.length === 0 ? 'holds no test that ran' : undefined
}

async function runProcess(file: string, eventsFile: string, timeoutMs: number) {
  const reporter = pathToFileURL(join(root, 'tools', 'testing', 'events.mjs')).href
  const flags = [`--test-reporter=${reporter}`, `--test-reporter-destination=${eventsFile}`]
  const child = spawn(process.execPath, [...flags, ...testFileArgs(file)], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
  })
  let output = ''
  const keep = (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-outputKeptBytes)
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  return { ended: await endOf(child, timeoutMs), output }
}

async function endOf(child: ChildProcess, timeoutMs: number): Promise<Ended> {
  living.add(child)
  let timedOut = false
  const timer = setTimeout(() => {
    timedOut = true
    killGroup(child)
  }, timeoutMs)
  try {
    return await new Promise((resolve, reject) => {
      child.once('error', reject)
      child.once('exit', (code, signal) => resolve({ code, signal, timedOut }))
    })
  } finally {
    clearTimeout(timer)
    living.delete(child)
    // What a test started and forgot shares its process group and ends with it.
    killGroup(child)
  }
}

const living = new Set<ChildProcess>()

/** Ends every test process that still runs, for a run that is being stopped. */
export function killAll(): void {
  for (const child of living) killGroup(child)
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return
  try {
    if (process.platform === 'win32') child.kill('SIGKILL')
    else process.kill(-child.pid, 'SIGKILL')
  } catch {
    // Already gone, which is what was wanted.
  }
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
