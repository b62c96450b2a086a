import { StoreUnavailableError } from './errors.ts'
import type { Services } from './services.ts'

/** What a node is held against when it starts, wherever the book lies. */
export const NODES_NOTE = 'nodes'
const MAX_TRIES = 50
/** What every store holds in one note. */
const MAX_BYTES = 8_192
/** Of one node: an installation may have a thousand, and no note would hold them. */
const MAX_APPIDS = 32

/** What a node says of itself to the others. Nothing in it opens anything. */
export interface NodeRecord {
  readonly id: string
  /** By its own clock. */
  readonly seenAtMs: number
  readonly appids: readonly string[]
  /** It has more, which the note has no room for. */
  readonly hasMoreApps?: boolean
  /** Master keys by name, with a fingerprint, since a name alone says nothing of the bytes. The first one seals. */
  readonly keys: readonly KeyPrint[]
}

export interface KeyPrint {
  readonly kid: string
  readonly print: string
}

type Reading = Pick<Services, 'store' | 'telemetry'>

/**
 * Reads, changes and writes the note of the nodes; again where another node was faster. What it cannot read in it is
 * left out and told: nodes that live say again what they are within seconds.
 * @param change where what it gives is what was there, nothing is written
 */
export async function rewriteNodes(
  { store, telemetry }: Reading,
  change: (nodes: readonly NodeRecord[]) => readonly NodeRecord[],
): Promise<void> {
  for (let turn = 0; turn < MAX_TRIES; turn += 1) {
    const expected = await store.findNote(NODES_NOTE)
    const value = noteOf(change(nodesIn(expected, telemetry)).map(shortened))
    if (value === expected || (await store.swapNote({ name: NODES_NOTE, expected, value }))) return
  }
  throw new StoreUnavailableError(new Error('The note of the nodes changes all the time'))
}

/** As a note tells of it. */
export function shortened(node: NodeRecord): NodeRecord {
  const { appids } = node
  return appids.length <= MAX_APPIDS
    ? node
    : { ...node, appids: appids.slice(0, MAX_APPIDS), hasMoreApps: true }
}

/** Who speaks goes to the end, so where they are too many those give way who were silent for longest. */
function noteOf(nodes: readonly NodeRecord[]): string {
  const note = JSON.stringify(nodes)
  return note.length > MAX_BYTES && nodes.length > 1 ? noteOf(nodes.slice(1)) : note
}

export async function readNodes({ store, telemetry }: Reading): Promise<readonly NodeRecord[]> {
  return nodesIn(await store.findNote(NODES_NOTE), telemetry)
}

function nodesIn(note: string | null, telemetry: Services['telemetry']): NodeRecord[] {
  const { nodes, isWhole } = readNote(note)
  if (!isWhole) telemetry.log('error', 'nodes.note_damaged', { nodesLeft: nodes.length })
  return nodes
}

/** The nodes in it that can be read. */
export function readNote(note: string | null): { readonly nodes: NodeRecord[]; readonly isWhole: boolean } {
  const found = note === null ? [] : parsed(note)
  const nodes = Array.isArray(found) ? found.filter(isNode) : []
  return { nodes, isWhole: Array.isArray(found) && nodes.length === found.length }
}

function parsed(note: string): unknown {
  try {
    return JSON.parse(note)
  } catch {
    return undefined
  }
}

/** What a later version may add stays in it. */
function isNode(value: unknown): value is NodeRecord {
  if (!isRecord(value)) return false
  const { id, seenAtMs, appids, keys } = value
  if (typeof id !== 'string' || !Number.isSafeInteger(seenAtMs)) return false
  return isListOf(appids, (appid) => typeof appid === 'string') && isListOf(keys, isKeyPrint)
}

function isKeyPrint(value: unknown): boolean {
  if (!isRecord(value)) return false
  const { kid, print } = value
  return typeof kid === 'string' && typeof print === 'string'
}

function isListOf(value: unknown, isOne: (one: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(isOne)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
