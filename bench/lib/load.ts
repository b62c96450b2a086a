import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { cpuSeconds, LOAD_CORE, type Running } from './process.ts'

const run = promisify(execFile)

export interface Load {
  readonly seconds: number
  readonly path: string
  readonly script: string
  /** A function where each use needs other ones. */
  readonly scriptArgs: readonly string[] | (() => readonly string[])
  readonly connections?: number
}

export interface Measured {
  readonly requests: number
  readonly requestsPerSecond: number
  /** CPU of the server, user and system, for one answered request. */
  readonly cpuMicroseconds: number
}

/** Loads a server with wrk and reads what it cost. Any answer but a good one fails the bench. */
export async function load(server: Running, order: Load): Promise<Measured> {
  const cpuBefore = cpuSeconds(server.pid)
  const { stdout } = await run('taskset', [
    ...['-c', LOAD_CORE, 'wrk', '-t', '1', '-c', String(order.connections ?? 32)],
    ...['-d', `${order.seconds}s`, '--timeout', '10s', '-s', order.script, `${server.url}${order.path}`],
    '--',
    ...(typeof order.scriptArgs === 'function' ? order.scriptArgs() : order.scriptArgs),
  ])
  const cpu = cpuSeconds(server.pid) - cpuBefore
  const requests = number(stdout, /(\d+) requests in/)
  if (requests === 0) throw new Error(`Nothing of ${order.path} was answered within ${order.seconds} s`)
  const bad = number(stdout, /Non-2xx or 3xx responses: (\d+)/, 0)
  if (bad > 0) throw new Error(`${bad} of ${requests} answers of ${order.path} were no good:\n${stdout}`)
  return {
    requests,
    requestsPerSecond: number(stdout, /Requests\/sec:\s+([\d.]+)/),
    cpuMicroseconds: (cpu / requests) * 1e6,
  }
}

function number(text: string, pattern: RegExp, missing?: number): number {
  const found = pattern.exec(text)?.[1]
  if (found !== undefined) return Number(found)
  if (missing !== undefined) return missing
  throw new Error(`wrk said nothing that fits ${pattern}:\n${text}`)
}
