import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'

export type Ran = { status: number | null; output: string }

// A sample runs in an empty folder, so tsx is named by where it is.
export const nodeFlags = ['--conditions=yaopai-source', '--import', import.meta.resolve('tsx')]

/** Runs a program to its end in an empty folder that is removed after; killed when the time is over. */
export async function run(command: string, args: string[], timeoutMs: number, input = ''): Promise<Ran> {
  const cwd = mkdtempSync(join(tmpdir(), 'yaopai-sample-'))
  const { NODE_TEST_CONTEXT: _, ...env } = process.env
  const child = spawn(command, args, { cwd, env, stdio: ['pipe', 'pipe', 'pipe'] })
  const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs)
  let output = ''
  child.stdout.on('data', (chunk) => (output += chunk))
  child.stderr.on('data', (chunk) => (output += chunk))
  child.stdin.on('error', () => undefined).end(input)
  try {
    const status = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject)
      child.once('close', (code) => resolve(code))
    })
    return { status, output }
  } finally {
    clearTimeout(timer)
    rmSync(cwd, { recursive: true, force: true })
  }
}
