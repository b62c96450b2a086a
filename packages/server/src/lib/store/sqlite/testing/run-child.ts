import { type ChildProcess, spawn } from 'node:child_process'
import process from 'node:process'

interface ChildEnd {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

/** Starts a compiled module in a process of its own, perhaps under another command. */
export function startChild(
  path: string,
  args: readonly string[],
  under: readonly string[] = [],
): ChildProcess {
  const [command = process.execPath, ...rest] = [...under, process.execPath, path, ...args]
  return spawn(command, rest, { stdio: ['ignore', 'pipe', 'pipe'] })
}

export async function endOf(child: ChildProcess): Promise<ChildEnd> {
  let stdout = ''
  let stderr = ''
  child.stdout?.on('data', (chunk: Buffer) => {
    stdout += chunk.toString()
  })
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr += chunk.toString()
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }))
  })
}
