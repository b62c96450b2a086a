import type { ChangeRecord } from '../../records.ts'
import type { Store } from '../store.ts'
import type { Moment } from './moment.ts'

/** How often a node asks what other nodes have changed. */
export const POLL_EVERY_MS = 300
/** While asking fails, the pauses double up to this. */
const LONGEST_PAUSE_MS = 2_000
const PAGE = 1_000

export interface ChangePollOptions {
  readonly store: Pick<Store, 'listChanges'>
  readonly now: () => Moment
  /** Told of a page at a time, before the poll counts as completed. */
  readonly onChanges: (changes: readonly ChangeRecord[]) => void
  /** All that was committed before that moment has been told. */
  readonly onCompleted: (begun: Moment) => void
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
 */
export function createChangePoll(options: ChangePollOptions): ChangePoll {
  const state: State = { afterSeq: 0, isClosed: false, failures: 0 }
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
  afterSeq: number
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
  const { store, now, onChanges, onCompleted } = options
  const begun = now()
  const changes = await store.listChanges({ afterSeq: state.afterSeq, limit: PAGE })
  if (state.isClosed) return true
  if (changes.length > 0) onChanges(changes)
  state.afterSeq = changes.at(-1)?.seq ?? state.afterSeq
  if (changes.length === PAGE) return false
  onCompleted(begun)
  return true
}
