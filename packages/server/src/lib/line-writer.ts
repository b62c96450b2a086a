import { write, writeSync } from 'node:fs'

/** What may wait for a slow reader or a full disk; lines beyond it are dropped. */
const MAX_WAITING_BYTES = 16_777_216
const RETRY_MS = 500
const RETRY_BUSY_MS = 20
/** How often a flush waits for a reader that is busy, before it gives the rest up. */
const FLUSH_TRIES = 50

export interface LineWriter {
  write(line: string): void
  /** Writes what waits before it returns, or gives up where it cannot be written. */
  flushSync(): void
}

interface State {
  readonly fd: number
  waiting: Buffer[]
  bytes: number
  isWriting: boolean
  isPaused: boolean
  /** Nobody reads any more, and nobody will. */
  isGone: boolean
}

/**
 * Writes lines to a descriptor without ever blocking or ending the process that logs: a full disk, a reader that
 * stopped or went costs lines alone. What waited is written when there is room again.
 */
export function createLineWriter(fd: number): LineWriter {
  const state: State = { fd, waiting: [], bytes: 0, isWriting: false, isPaused: false, isGone: false }
  return {
    write(line) {
      const bytes = Buffer.from(line)
      if (state.isGone || state.bytes + bytes.length > MAX_WAITING_BYTES) return
      state.waiting.push(bytes)
      state.bytes += bytes.length
      pump(state)
    },
    flushSync: () => flush(state),
  }
}

function pump(state: State): void {
  if (state.isWriting || state.isPaused || state.waiting.length === 0) return
  const chunk = Buffer.concat(state.waiting)
  state.waiting = []
  state.isWriting = true
  write(state.fd, chunk, 0, chunk.length, null, (error, written) => {
    state.isWriting = false
    const rest = error === null ? chunk.subarray(written) : chunk
    state.bytes -= chunk.length - rest.length
    if (rest.length > 0) state.waiting.unshift(rest)
    if (error !== null) pause(state, error)
    pump(state)
  })
}

function pause(state: State, { code }: NodeJS.ErrnoException): void {
  if (code === 'EPIPE') {
    state.isGone = true
    state.waiting = []
    return
  }
  state.isPaused = true
  const again = () => {
    state.isPaused = false
    pump(state)
  }
  setTimeout(again, code === 'EAGAIN' ? RETRY_BUSY_MS : RETRY_MS).unref()
}

function flush(state: State): void {
  let rest = Buffer.concat(state.waiting)
  state.waiting = []
  for (let tries = 0; rest.length > 0 && tries < FLUSH_TRIES; ) {
    try {
      rest = rest.subarray(writeSync(state.fd, rest))
    } catch (error) {
      if (!isBusy(error)) return
      tries += 1
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_BUSY_MS)
    }
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EAGAIN'
}
