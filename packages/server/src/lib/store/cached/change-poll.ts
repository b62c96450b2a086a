import type { ChangeRecord } from '../../records.ts'
import type { Store } from '../store.ts'
import type { Moment } from './moment.ts'

/** How often a node asks what other nodes have changed. */
export const POLL_EVERY_MS = 300
/** While asking fails, the pauses double up to this. */
const LONGEST_PAUSE_MS = 2_000
const PAGE = 1_000
/** So many of the last known changes are asked for again. */
const OVERLAP = 8

export interface ChangePollOptions {
  readonly store: Pick<Store, 'listChanges'>
  readonly now: () => Moment
  /** Told of a page at a time, before the poll counts as completed. */
  readonly onChanges: (changes: readonly ChangeRecord[]) => void
  /** What was known is not there as it was: nothing that was read before now need be true. */
  readonly onOtherHistory: () => void
  /** All that was committed before that moment has been told. */
  readonly onCompleted: (begun: Moment, hasFailedBefore: boolean) => void
  /** Told once when polls begin to fail and once when they work again (null). */
  readonly onTurn?: (failure: unknown) => void
}

export interface ChangePoll {
  /** Asks now. Joins the poll that is under way; rejects as the store does. */
  poll(): Promise<void>
  /** Asks now and from then on in turns, each after the one before is over. */
  start(): void
  /** Nothing is asked or told from now on. */
  close(): void
}

/**
 * Reads the store's changes in turns, never two at a time. A poll that takes long counts from when its last page was
 * asked for, so what was committed while it was under way is not taken for known.
 *
 * Each question begins with the last changes that are known, and so finds out when the database behind it has become
 * another one in which numbers are given again: a standby that lacked the last ones, a backup. Then all begins anew.
 */
export function createChangePoll(options: ChangePollOptions): ChangePoll {
  const state: State = { known: [], isClosed: false, failures: 0 }
  let running: Promise<void> | null = null
  let timer: NodeJS.Timeout | undefined
  const poll = (): Promise<void> => {
    running ??= readToTheEnd(options, state).finally(() => {
      running = null
    })
    return running
  }
  const turn = async (): Promise<void> => {
    await poll().catch(() => undefined)
    if (!state.isClosed) timer = setTimeout(turn, pauseMs(state.failures)).unref()
  }
  return {
    poll,
    start: () => void turn(),
    close() {
      state.isClosed = true
      clearTimeout(timer)
    },
  }
}

interface State {
  /** The last ones that were told, without a hole between their numbers; none where nothing was listed. */
  known: readonly ChangeRecord[]
  isClosed: boolean
  failures: number
}

function pauseMs(failures: number): number {
  return Math.min(POLL_EVERY_MS * 2 ** Math.min(failures, 10), LONGEST_PAUSE_MS)
}

async function readToTheEnd(options: ChangePollOptions, state: State): Promise<void> {
  try {
    while (!state.isClosed && !(await readPage(options, state)));
    if (state.failures > 0 && !state.isClosed) options.onTurn?.(null)
    state.failures = 0
  } catch (error) {
    if (state.failures === 0 && !state.isClosed) options.onTurn?.(error)
    state.failures += 1
    throw error
  }
}

/** True: it was the last one. */
async function readPage(options: ChangePollOptions, state: State): Promise<boolean> {
  const { store, now, onChanges, onCompleted, onOtherHistory } = options
  const begun = now()
  const listed = await store.listChanges({ afterSeq: (state.known[0]?.seq ?? 1) - 1, limit: PAGE })
  if (state.isClosed) return true
  if (!goesOn(state.known, listed)) {
    onOtherHistory()
    state.known = []
    return false
  }
  if (listed.length > 0) onChanges(listed)
  state.known = lastInOneRow(listed)
  if (listed.length === PAGE) return false
  onCompleted(begun, state.failures > 0)
  return true
}

/**
 * Whether the last known one is there and, up to it, none that was not known. One that is not there may have been swept
 * by a server of an older version when nothing else happened for an hour; that looks the same, and costs what is
 * remembered.
 */
function goesOn(known: readonly ChangeRecord[], listed: readonly ChangeRecord[]): boolean {
  const last = known.at(-1)
  if (last === undefined) return true
  const again = listed.filter(({ seq }) => seq <= last.seq)
  const bySeq = new Map(known.map((one) => [one.seq, one]))
  return again.at(-1)?.seq === last.seq && again.every((one) => isSame(one, bySeq.get(one.seq)))
}

function isSame(one: ChangeRecord, other: ChangeRecord | undefined): boolean {
  if (other === undefined || one.seq !== other.seq || one.atMs !== other.atMs) return false
  return one.userId === other.userId && one.selector === other.selector
}

/** The last few up to the first hole: one among them would make a store look each time who stands in it. */
function lastInOneRow(listed: readonly ChangeRecord[]): readonly ChangeRecord[] {
  const last = listed.slice(-OVERLAP)
  const hole = last.findLastIndex(({ seq }, place) => place > 0 && seq !== (last[place - 1]?.seq ?? 0) + 1)
  return last.slice(Math.max(hole, 0))
}
