import { hkdfSync } from 'node:crypto'
import type { Config, MasterKey } from './config.ts'
import { StoreUnavailableError } from './errors.ts'
import type { Services } from './services.ts'
import { DatabaseError } from './store/database-error.ts'

const NOTE = 'nodes'
const BEAT_EVERY_MS = 5_000
/** Who was not seen for so long is gone. */
const GONE_AFTER_MS = 30_000
const CLOCK_ALARM_MS = 3_000
const CLOCK_REFUSED_MS = 60_000
const MAX_TRIES = 50
const PRINT_BYTES = 8

/** What a node says of itself to the others. Nothing in it opens anything. */
export interface NodeRecord {
  readonly id: string
  readonly seenAtMs: number
  readonly appids: readonly string[]
  /** Master keys by name, with a fingerprint, since a name alone says nothing of the bytes. The first one seals. */
  readonly keys: readonly KeyPrint[]
}

interface KeyPrint {
  readonly kid: string
  readonly print: string
}

type Joining = Pick<Services, 'store' | 'clock' | 'telemetry'>

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
 * with what the last node there was given. A node of which nothing was heard for half a minute does not count.
 * @param current what the node works with now, asked at every beat: keys and apps change when it reads them again
 * @param isAlone nobody else can work on this book: then nothing has to be said again and again
 * @returns takes it out again
 * @throws DatabaseError with what does not fit, and the cure
 */
export async function joinNodes(
  services: Joining,
  node: NodeRecord,
  { isAlone = false, current = () => node } = {},
): Promise<() => Promise<void>> {
  await rewrite(services, (nodes) => {
    const living = livingAt(nodes, node.seenAtMs)
    requireSameKeys(nodes, node)
    for (const other of isAlone ? [] : living) requireFit(services, other, node)
    return [...living, node]
  })
  if (isAlone) return async () => undefined
  const stopBeating = beat(services, node, current)
  return async () => {
    stopBeating()
    const others = (nodes: readonly NodeRecord[]) => nodes.filter(({ id }) => id !== node.id)
    // The last one stays: the next to come is held against it.
    await rewrite(services, (nodes) => (nodes.length > 1 ? others(nodes) : nodes)).catch(() => undefined)
  }
}

function livingAt(nodes: readonly NodeRecord[], nowMs: number): NodeRecord[] {
  return nodes.filter(({ seenAtMs }) => nowMs - seenAtMs < GONE_AFTER_MS)
}

function requireSameKeys(nodes: readonly NodeRecord[], node: NodeRecord): void {
  const known = new Map(nodes.flatMap(({ keys }) => keys.map(({ kid, print }) => [kid, print] as const)))
  const other = node.keys.find(({ kid, print }) => (known.get(kid) ?? print) !== print)
  if (other === undefined) return
  throw misfit(
    `The master key ${other.kid} is not the one of that name with which this database was written: set the right YAOPAI_MASTER_KEY, or give a new key another name`,
  )
}

function requireFit({ telemetry }: Joining, other: NodeRecord, node: NodeRecord): void {
  const kids = (one: NodeRecord) => one.keys.map(({ kid }) => kid)
  const names = (one: readonly string[]) => one.join(', ')
  if (!kids(node).some((kid) => kids(other).includes(kid)))
    throw misfit(
      `Another node runs with the master keys ${names(kids(other))}, this one has ${names(kids(node))}: give them a key in common`,
    )
  if (!node.appids.some((appid) => other.appids.includes(appid)))
    throw misfit(
      `Another node serves ${names(other.appids)}, this one ${names(node.appids)}: name another database, or the same apps`,
    )
  const aheadMs = other.seenAtMs - node.seenAtMs
  if (aheadMs > CLOCK_REFUSED_MS)
    throw misfit(
      `The clock of another node is ${Math.round(aheadMs / 1000)} seconds ahead of this one's: set the clocks by a time server`,
    )
  if (aheadMs > CLOCK_ALARM_MS) telemetry.log('error', 'nodes.clocks_apart', { aheadMs })
  const isSame = names(node.appids) === names(other.appids) && names(kids(node)) === names(kids(other))
  if (!isSame)
    telemetry.log('warn', 'nodes.differ', { apps: names(other.appids), masterKeys: names(kids(other)) })
}

function misfit(message: string): DatabaseError {
  return new DatabaseError(message, 78)
}

/** Says again and again that the node is there, and hears how the clocks of the others stand. */
function beat(services: Joining, node: NodeRecord, current: () => NodeRecord): () => void {
  const seen = new Map<string, number>()
  const run = async (): Promise<void> => {
    const seenAtMs = services.clock.nowMs()
    await rewrite(services, (nodes) => {
      tellClocksApart(services, nodes, { node, seen, seenAtMs })
      const others = nodes.filter(({ id }) => id !== node.id)
      return [...livingAt(others, seenAtMs), { ...current(), id: node.id, seenAtMs }]
    })
  }
  const timer = setInterval(() => void run().catch(() => undefined), BEAT_EVERY_MS)
  timer.unref()
  return () => clearInterval(timer)
}

interface Beat {
  readonly node: NodeRecord
  /** When each other node said it was seen, at the beat before. */
  readonly seen: Map<string, number>
  readonly seenAtMs: number
}

/** One that spoke since the last beat and whose time is not about now has another clock. */
function tellClocksApart(
  { telemetry }: Joining,
  nodes: readonly NodeRecord[],
  { node, seen, seenAtMs }: Beat,
): void {
  for (const other of nodes) {
    const before = seen.get(other.id)
    seen.set(other.id, other.seenAtMs)
    if (other.id === node.id || before === undefined || before === other.seenAtMs) continue
    const aheadMs = other.seenAtMs - seenAtMs
    if (aheadMs > CLOCK_ALARM_MS || aheadMs < -(BEAT_EVERY_MS * 2 + CLOCK_ALARM_MS))
      telemetry.log('error', 'nodes.clocks_apart', { aheadMs })
  }
}

/** Reads, changes and writes the note; again where another node was faster. */
async function rewrite(
  { store }: Joining,
  change: (nodes: readonly NodeRecord[]) => readonly NodeRecord[],
): Promise<void> {
  for (let turn = 0; turn < MAX_TRIES; turn += 1) {
    const expected = await store.findNote(NOTE)
    const value = JSON.stringify(change(expected === null ? [] : (JSON.parse(expected) as NodeRecord[])))
    if (value === expected || (await store.swapNote({ name: NOTE, expected, value }))) return
  }
  throw new StoreUnavailableError(new Error('The note of the nodes changes all the time'))
}
