import { execFileSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { monotonicMs } from '../../histories/history.ts'
import { countOf, judge } from '../judge.ts'
import type { Round, Scenario } from '../scenario.ts'
import { createWorld, waitUntil } from '../world.ts'

export const fullDisk: Scenario = {
  name: 'full-disk',
  row: 'R04',
  fault: 'the disk of the database, its log and the server’s own log is full',
  promise:
    'no login is acknowledged, sessions validate, and it recovers within 5 s of free space without restart',
  how: 'a tmpfs of 24 MiB with all of it, filled by a file to its last byte under load, then the file is removed',
  async run(round) {
    const disk = mountSmallDisk(round, 24)
    const world = await createWorld(round, { databaseFile: join(disk, 'yaopai.db') })
    const server = await world.start({
      env: { LOG_LEVEL: 'debug' },
      spawning: { stdoutFile: join(disk, 'server.log') },
    })
    const load = world.load()
    await sleep(500)
    // On a machine that is busy there may be nobody yet who could ask who he is.
    await waitUntil(() => world.sessions.length >= 8)
    const filler = join(disk, 'filler')
    world.history.mark('fault.begun', 'full')
    fill(filler)
    const fullAtMs = monotonicMs()
    await sleep(round.isLong ? 5_000 : 1_500)
    await waitUntil(() => countOf(world, 'validate', fullAtMs).asked > 0)
    fill(filler)
    const full = { login: countOf(world, 'login', fullAtMs), validate: countOf(world, 'validate', fullAtMs) }
    rmSync(filler)
    world.history.mark('fault.ended', 'full')
    await sleep(1_000)
    await load.stop()
    const answered = full.validate.ok + full.validate.refused
    const broken = [
      ...(answered === full.validate.asked && full.validate.ok > 0
        ? []
        : [`${answered} of ${full.validate.asked} questions were answered on a full disk`]),
      ...(full.login.ok === full.login.asked ? ['no login was refused: the disk was not full'] : []),
      ...(server === world.server() && (await isAlive(server.pid)) ? [] : ['the server did not survive']),
    ]
    return judge(world, {
      broken,
      figures: {
        'logins while full': full.login.asked,
        'of them acknowledged': full.login.ok,
        'questions while full': full.validate.asked,
        'of them answered': answered,
      },
    })
  },
}

/** A disk of its own in memory; root alone may make one. */
export function mountSmallDisk(round: Round, mebibytes: number): string {
  const folder = mkdtempSync(join(tmpdir(), 'yaopai-disk-'))
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'none', folder])
  round.after(() => {
    execFileSync('umount', ['-l', folder])
    rmSync(folder, { recursive: true, force: true })
  })
  return folder
}

export function canMount(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'yaopai-disk-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'none', folder], { stdio: 'ignore' })
    execFileSync('umount', [folder])
    return true
  } catch {
    return false
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Writes until nothing more goes, in ever smaller pieces. */
function fill(file: string): void {
  const descriptor = openSync(file, 'a')
  for (let size = 1_048_576; size >= 1; size = Math.floor(size / 4)) {
    try {
      for (;;) writeSync(descriptor, Buffer.alloc(size, 1))
    } catch {
      // No room for a piece of this size.
    }
  }
  closeSync(descriptor)
}

async function isAlive(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
