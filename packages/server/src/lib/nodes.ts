import { hkdfSync } from 'node:crypto'
import { setTimeout as realPause } from 'node:timers/promises'
import { systemMonotonic } from './clock.ts'
import type { Config, MasterKey } from './config.ts'
import { type KeyPrint, type NodeRecord, readNodes, readNote, rewriteNodes, shortened } from './nodes-note.ts'
import type { Services } from './services.ts'
import { DatabaseError } from './store/database-error.ts'

const BEAT_EVERY_MS = 5_000
/** Who was not heard for so long is gone. */
const GONE_AFTER_MS = 30_000
/** Three beats: who says nothing meanwhile does not live, whatever the clocks say. */
const WATCH_MS = 15_000
const LOOK_EVERY_MS = 500
const CLOCK_ALARM_MS = 3_000
const CLOCK_REFUSED_MS = 60_000
const PRINT_BYTES = 8

type Joining = Pick<Services, 'store' | 'clock' | 'telemetry'>

export interface JoinOptions {
  /** Nobody else can work on this book: then nothing has to be said again and again. */
  readonly isAlone?: boolean
  /** What the node works with now, asked at every beat: keys and apps change when it reads them again. */
  readonly current?: () => NodeRecord
  readonly monotonic?: typeof systemMonotonic
  readonly pause?: (milliseconds: number) => Promise<unknown>
}

export function nodeOf(
  { apps, masterKeys }: Pick<Config, 'apps' | 'masterKeys'>,
  { clock, random }: Pick<Services, 'clock' | 'random'>,
): NodeRecord {
  return {
    id: random.bytes(8).toString('hex'),
    seenAtMs: clock.nowMs(),
    appids: apps.map(({ appid }) => appid).sort(),
    keys: masterKeys.map(printOf),
  }
}

/** By HKDF under a label that nothing else uses: it tells keys apart, and nothing of them. */
function printOf({ kid, key }: MasterKey): KeyPrint {
  const secret = Buffer.from(key.reveal(), 'base64')
  const print = hkdfSync('sha256', secret, '', 'yaopai master key fingerprint v1', PRINT_BYTES)
  return { kid, print: Buffer.from(print).toString('hex') }
}

/**
 * Enters a node among those that work on the book, if what it was given goes together with what they were given, and
 * with what the last node there was given. One that it does not fit is listened to first: only who speaks counts.
 * @returns takes it out again
 * @throws DatabaseError with what does not fit, and the cure
 */
export async function joinNodes(
  services: Joining,
  node: NodeRecord,
  options: JoinOptions = {},
): Promise<() => Promise<void>> {
  const { isAlone = false, pause = realPause } = options
  if (isAlone) {
    await rewriteNodes(services, (nodes) => {
      requireSameKeys(nodes, node)
      return [node]
    })
    return async () => undefined
  }
  await enter(services, node, pause)
  const stopBeating = beat(services, node, options)
  return async () => {
    await stopBeating()
    const others = (nodes: readonly NodeRecord[]) => nodes.filter(({ id }) => id !== node.id)
    // The last one stays: the next to come is held against it.
    const left = rewriteNodes(services, (nodes) => (nodes.length > 1 ? others(nodes) : nodes))
    await left.catch(() => undefined)
  }
}

interface Misfit {
  readonly other: NodeRecord
  readonly message: string
}

interface Found {
  readonly living: readonly NodeRecord[]
  readonly misfits: readonly Misfit[]
}

async function enter(
  services: Joining,
  node: NodeRecord,
  pause: (ms: number) => Promise<unknown>,
): Promise<void> {
  const gone = new Set<string>()
  let found: Found = { living: [], misfits: [] }
  do {
    await requireSilent(services, found.misfits, pause)
    for (const { other } of found.misfits) gone.add(other.id)
    await rewriteNodes(services, (nodes) => {
      const self = { ...node, seenAtMs: services.clock.nowMs() }
      requireSameKeys(nodes, self)
      const others = nodes.filter(({ id }) => !gone.has(id))
      const living = others.filter((other) => isRecent(other, self))
      found = { living, misfits: misfitsAmong(living, self) }
      // Those that seem old stay until a node has listened: the clock that says so may be the wrong one.
      return found.misfits.length > 0 ? nodes : [...others, self]
    })
  } while (found.misfits.length > 0)
  for (const other of found.living) tellDifferences(services, other, node)
}

/** One from the future is: its clock may be ahead of this one. */
function isRecent(other: NodeRecord, self: NodeRecord): boolean {
  return self.seenAtMs - other.seenAtMs < GONE_AFTER_MS
}

/** Whether a node of that note was there in the last half minute, by its clock: also one that has just been stopped. */
export function isAnyNodeRecent(note: string | null, nowMs: number): boolean {
  return readNote(note).nodes.some(({ seenAtMs }) => nowMs - seenAtMs < GONE_AFTER_MS)
}

function requireSameKeys(nodes: readonly NodeRecord[], node: NodeRecord): void {
  const known = new Map(nodes.flatMap(({ keys }) => keys.map(({ kid, print }) => [kid, print] as const)))
  const other = node.keys.find(({ kid, print }) => (known.get(kid) ?? print) !== print)
  if (other === undefined) return
  throw misfit(
    `The master key ${other.kid} is not the one of that name with which this database was written: set the right YAOPAI_MASTER_KEY, or give a new key another name`,
  )
}

function misfitsAmong(others: readonly NodeRecord[], node: NodeRecord): Misfit[] {
  const isAhead = (other: NodeRecord) => aheadMs(other, node) > CLOCK_REFUSED_MS
  const ahead = others.filter(isAhead).length
  // Of two clocks that are apart nobody knows which is wrong; one that most others contradict is.
  const isWrong = ahead > 1 && ahead > others.length / 2
  return others.flatMap((other) => {
    const message = misfitOf(other, node) ?? (isWrong && isAhead(other) ? clockMisfit(other, node) : null)
    return message === null ? [] : [{ other, message }]
  })
}

function misfitOf(other: NodeRecord, node: NodeRecord): string | null {
  if (!kidsOf(node).some((kid) => kidsOf(other).includes(kid)))
    return `Another node runs with the master keys ${listed(kidsOf(other))}, this one has ${listed(kidsOf(node))}: give them a key in common`
  if (!other.hasMoreApps && !node.appids.some((appid) => other.appids.includes(appid)))
    return `Another node serves ${listed(other.appids)}, this one ${listed(node.appids)}: name another database, or the same apps`
  return null
}

function clockMisfit(other: NodeRecord, node: NodeRecord): string {
  const seconds = Math.round(aheadMs(other, node) / 1000)
  return `The clocks of other nodes are ${seconds} seconds ahead of this one's: set the clocks by a time server`
}

function tellDifferences({ telemetry, clock }: Joining, other: NodeRecord, node: NodeRecord): void {
  const byMs = aheadMs(other, { seenAtMs: clock.nowMs() })
  if (byMs > CLOCK_ALARM_MS) telemetry.log('error', 'nodes.clocks_apart', { aheadMs: byMs })
  const facts = { apps: listed(other.appids), masterKeys: listed(kidsOf(other)) }
  const isSame = facts.apps === listed(shortened(node).appids) && facts.masterKeys === listed(kidsOf(node))
  if (!isSame) telemetry.log('warn', 'nodes.differ', facts)
}

const kidsOf = ({ keys }: NodeRecord) => keys.map(({ kid }) => kid)
const listed = (names: readonly string[]) => names.join(', ')
const aheadMs = (other: NodeRecord, node: Pick<NodeRecord, 'seenAtMs'>) => other.seenAtMs - node.seenAtMs

function misfit(message: string): DatabaseError {
  return new DatabaseError(message, 78)
}

/**
 * Listens for a while whether one of them speaks. A note says nothing of that: its node may have been killed, and the
 * time in it may come from a clock that was wrong.
 */
async function requireSilent(
  services: Joining,
  misfits: readonly Misfit[],
  pause: (ms: number) => Promise<unknown>,
): Promise<void> {
  if (misfits.length === 0) return
  services.telemetry.log('warn', 'nodes.listening', { reason: misfits[0]?.message ?? null })
  for (let waitedMs = 0; waitedMs < WATCH_MS; waitedMs += LOOK_EVERY_MS) {
    await pause(LOOK_EVERY_MS)
    const nodes = new Map((await readNodes(services)).map((node) => [node.id, node]))
    const hasSpoken = ({ other }: Misfit) =>
      (nodes.get(other.id)?.seenAtMs ?? other.seenAtMs) !== other.seenAtMs
    const speaking = misfits.find(hasSpoken)
    if (speaking !== undefined) throw misfit(speaking.message)
  }
}

/** Says again and again that the node is there, and hears the others. */
function beat(services: Joining, node: NodeRecord, options: JoinOptions): () => Promise<void> {
  const { current = () => node, monotonic = systemMonotonic } = options
  const heard = new Map<string, Heard>()
  let isOver = false
  let running: Promise<void> | null = null
  const run = (): Promise<void> => {
    const atMs = monotonic.nowMs()
    return rewriteNodes(services, (nodes) => {
      if (isOver) return nodes
      const self = { ...current(), id: node.id, seenAtMs: services.clock.nowMs() }
      const others = nodes.filter(({ id }) => id !== node.id)
      forgetAllBut(heard, others)
      return [...others.filter((other) => isHeard(services, heard, { other, self, atMs })), self]
    })
  }
  // One that takes longer than its time takes the place of the next.
  const turn = (): void => {
    running ??= run()
      .catch(() => undefined)
      .finally(() => {
        running = null
      })
  }
  const timer = setInterval(turn, BEAT_EVERY_MS)
  timer.unref()
  return async () => {
    isOver = true
    clearInterval(timer)
    await running
  }
}

/** When another node last said something new, on this node's even clock, and what time it then had. */
interface Heard {
  readonly seenAtMs: number
  readonly atMs: number
}

interface Hearing {
  readonly other: NodeRecord
  readonly self: NodeRecord
  readonly atMs: number
}

function forgetAllBut(heard: Map<string, Heard>, others: readonly NodeRecord[]): void {
  const ids = new Set(others.map(({ id }) => id))
  for (const id of heard.keys()) if (!ids.has(id)) heard.delete(id)
}

/** Whether it has spoken lately. One that has just spoken and whose time is not about now has another clock: told. */
function isHeard({ telemetry }: Joining, heard: Map<string, Heard>, { other, self, atMs }: Hearing): boolean {
  const before = heard.get(other.id)
  if (before?.seenAtMs === other.seenAtMs) return atMs - before.atMs < GONE_AFTER_MS
  heard.set(other.id, { seenAtMs: other.seenAtMs, atMs })
  const byMs = aheadMs(other, self)
  const isApart = byMs > CLOCK_ALARM_MS || byMs < -(BEAT_EVERY_MS * 2 + CLOCK_ALARM_MS)
  if (before !== undefined && isApart) telemetry.log('error', 'nodes.clocks_apart', { aheadMs: byMs })
  return true
}
