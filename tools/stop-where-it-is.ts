import { readdirSync, readFileSync } from 'node:fs'
import process from 'node:process'

const GIVEN_UP_AFTER_MS = 10_000

/**
 * Stops a process and returns when all its threads stand still: a signal that was sent has not yet arrived, and what is
 * asked in between may still be answered.
 */
export function stopWhereItIs(pid: number): void {
  process.kill(pid, 'SIGSTOP')
  const untilMs = performance.now() + GIVEN_UP_AFTER_MS
  while (!threadsOf(pid).every(standsStill)) {
    if (performance.now() > untilMs) throw new Error(`Process ${pid} was told to stop and goes on`)
  }
}

/** What the kernel says of each thread; where it tells nothing there is none. */
function threadsOf(pid: number): string[] {
  const folder = `/proc/${pid}/task`
  return readdirSync(folder).map((thread) => {
    try {
      return readFileSync(`${folder}/${thread}/stat`, 'utf8')
    } catch {
      return GONE
    }
  })
}

const GONE = '0 (gone) T'

/** The state is the first letter behind the name, which stands in brackets and may hold some itself (proc_pid_stat(5)). */
function standsStill(stat: string): boolean {
  return /^[TtZX]/.test(stat.slice(stat.lastIndexOf(')') + 2))
}
