import {
  existsSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import {
  firstLogin,
  queryOf,
  sampleHash,
  sampleSelector,
  sampleUserId,
} from '../../../packages/server/src/lib/store/contract/samples.ts'
import { openSqliteStore } from '../../../packages/server/src/lib/store/sqlite/sqlite-store.ts'
import { compileChildren } from '../../../packages/server/src/lib/store/sqlite/testing/compile-children.ts'
import { endOf, startChild } from '../../../packages/server/src/lib/store/sqlite/testing/run-child.ts'
import type { Store } from '../../../packages/server/src/lib/store/store.ts'
import { readSqliteBook } from '../book.ts'
import { CrashDisk } from '../crash-disk.ts'
import { type DiskStep, readDiskLog, STRACE_OPTIONS } from '../disk-log.ts'
import { NOTHING, type Outcome, type Round, type Scenario } from '../scenario.ts'

export const powerLoss: Scenario = {
  name: 'power-loss',
  row: 'R02',
  fault: 'the power goes: what was not synced is lost, in part or torn',
  promise: 'every acknowledged login is there, whole; the file needs no repair',
  how:
    'strace records every write and sync of the store while it logs users in; the files are rebuilt as they may be at ' +
    'random moments, opened, checked, and compared with what had been acknowledged by then',
  needs: ['strace'],
  async run(round) {
    const folder = folderOf(round, tmpdir())
    const steps = await record(round, folder, round.isLong ? 3_000 : 400)
    const cuts = Array.from({ length: round.isLong ? 1_000 : 30 }, () =>
      round.draw.whole(1, steps.length),
    ).sort((a, b) => a - b)
    const total: Totals = { acked: 0, checked: 0, lost: 0, halfDone: 0, broken: [] }
    const place = placeWithoutDisk(round) ?? folder
    for (const moment of momentsOf(round, steps, cuts)) await examine(moment, place, total)
    return outcomeOf(total, steps, cuts.length)
  },
}

const MEMORY = '/dev/shm'
const ENOUGH_BYTES = 256 * 1_048_576

/** What a sync is worth was decided when the files were rebuilt: opening them need not wait for a disk once more. */
function placeWithoutDisk(round: Round): string | null {
  if (!existsSync(MEMORY)) return null
  const { bavail, bsize } = statfsSync(MEMORY)
  if (bavail * bsize < ENOUGH_BYTES) return null
  return folderOf(round, MEMORY)
}

function folderOf(round: Round, within: string): string {
  const folder = realpathSync(mkdtempSync(join(within, 'yaopai-power-')))
  round.after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** What is there when the power goes. */
interface Moment {
  /** The number of steps that were done. */
  readonly cut: number
  readonly files: ReadonlyMap<string, Buffer>
  /** Logins that were acknowledged by then, oldest first. */
  readonly said: readonly number[]
}

function* momentsOf(round: Round, steps: readonly DiskStep[], cuts: readonly number[]): Generator<Moment> {
  const disk = new CrashDisk()
  const said: number[] = []
  let at = 0
  for (const [turn, cut] of cuts.entries()) {
    if (turn % 100 === 0) round.say(`${turn} of ${cuts.length} moments`)
    for (const step of steps.slice(at, cut)) {
      disk.apply(step)
      if (step.kind === 'said') said.push(step.n)
    }
    at = cut
    yield { cut, files: disk.lose(round.draw), said: [...said] }
  }
}

interface Totals {
  acked: number
  checked: number
  lost: number
  halfDone: number
  readonly broken: string[]
}

function outcomeOf(total: Totals, steps: readonly DiskStep[], cuts: number): Outcome {
  const syncs = steps.filter(({ kind }) => kind === 'sync').length
  const { lost, halfDone, broken, acked, checked } = total
  const figures = {
    'moments at which the power went': cuts,
    'steps recorded': steps.length,
    'of them syncs': syncs,
  }
  return { ...NOTHING, ops: checked, acked, lost, halfDone, broken, figures }
}

async function record(round: Round, folder: string, logins: number): Promise<DiskStep[]> {
  const children = compileChildren()
  round.after(() => children.remove())
  const log = join(folder, 'strace.log')
  const args = [join(folder, 'yaopai.db'), '1', String(logins)]
  const child = startChild(children.path('login-child.ts'), args, ['strace', '-o', log, ...STRACE_OPTIONS])
  round.after(() => child.kill('SIGTERM'))
  const { code, stderr } = await endOf(child)
  if (code !== 0) throw new Error(`the recorded process ended with ${code}: ${stderr}`)
  // The memory that processes share, and the lock, mean nothing after a power loss.
  const isKept = (step: DiskStep) =>
    step.kind === 'said' || (basename(step.file).startsWith('yaopai.db') && !/-(shm|lock)/.test(step.file))
  return readDiskLog(readFileSync(log, 'utf8')).filter(isKept)
}

async function examine({ cut, files, said }: Moment, within: string, total: Totals): Promise<void> {
  const folder = mkdtempSync(join(within, 'moment-'))
  const file = join(folder, 'yaopai.db')
  try {
    for (const [name, bytes] of files) writeFileSync(join(folder, basename(name)), bytes)
    const store = await openSqliteStore({ file, role: 'server', onFatal: () => undefined })
    // The newest are the ones in danger; all of them are asked for at every eighth cut.
    const asked = cut % 8 === 0 ? said : said.slice(-300)
    for (const n of asked) await compare(store, n, cut, total)
    const next = await store.recordLogin(firstLogin(1_000_000))
    if (next !== 'recorded') total.broken.push(`step ${cut}: no login after the power loss: ${next}`)
    await store.close()
    // The sample logins write no events and are never ended: only what is half done counts here.
    const { halfDone } = await readSqliteBook(file)
    total.halfDone += halfDone.length
    total.broken.push(...halfDone.map((what) => `step ${cut}: ${what}`))
  } catch (error) {
    total.broken.push(`step ${cut}: ${error instanceof Error ? error.message : String(error)}`)
    total.lost += said.length
  } finally {
    total.acked = Math.max(total.acked, said.length)
    rmSync(folder, { recursive: true, force: true })
  }
}

async function compare(store: Store, n: number, cut: number, total: Totals): Promise<void> {
  const parts = [
    await store.findCode(sampleHash(`code-${n}`)),
    await store.findUser(sampleUserId(n)),
    await store.findIdentity(queryOf(n)),
    await store.findSession(sampleSelector(n)),
  ]
  total.checked += 1
  if (parts.every((part) => part !== null)) return
  total.lost += 1
  total.broken.push(`step ${cut}: login ${n} was acknowledged and is lost`)
}
