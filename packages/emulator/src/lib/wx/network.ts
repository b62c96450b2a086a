import { type Callbacks, callBack, failWith, type Outcome, type WxResult } from './callbacks.ts'
import { hasBaseLibrary, type Phone } from './phone.ts'
import { createSlots } from './slots.ts'
import { ERRNO } from './wire.ts'

/** One call of `request`, `uploadFile` or `downloadFile`. */
export interface NetworkCall<R extends WxResult> {
  api: string
  /** Milliseconds, counted from when it leaves the line; default that of the phone. */
  options: Callbacks<R> & { timeout?: number | undefined }
  /** The signal is aborted when the call has ended, however it did. */
  send(signal: AbortSignal): Promise<Outcome<R>>
}

export interface NetworkTask {
  abort(): void
}

export interface Network {
  begin<R extends WxResult>(call: NetworkCall<R>): NetworkTask
  /** Ends all that runs and all that waits. */
  failAll(reason: string, errno: number): void
  running(): number
  queued(): number
}

/** `request`, `uploadFile` and `downloadFile` under way at the same time; the others wait. */
export const CONCURRENT_CALLS = 10

/** A call from its beginning to its callbacks. */
interface Job {
  start(): void
  /** Ends it, unless it has ended: whatever comes later for it is too late. */
  fail(reason: string, errno?: number): void
  atEnd(leave: () => void): void
}

function withoutErrno<R extends WxResult>(outcome: Outcome<R>): Outcome<R> {
  return outcome.ok ? outcome : { ok: false, failure: { errMsg: outcome.failure.errMsg } }
}

function tellLater<R extends WxResult>(phone: Phone, callbacks: Callbacks<R>, outcome: Outcome<R>): void {
  const told = hasBaseLibrary(phone, '2.24.0') ? outcome : withoutErrno(outcome)
  queueMicrotask(() => {
    if (!phone.state.killed) callBack(callbacks, told)
  })
}

function createJob<R extends WxResult>(phone: Phone, call: NetworkCall<R>, timeoutMs: number): Job {
  const controller = new AbortController()
  const leaving: (() => void)[] = []
  const end = (outcome: Outcome<R>) => {
    if (controller.signal.aborted) return
    controller.abort()
    for (const leave of leaving) leave()
    tellLater(phone, call.options, outcome)
  }
  const fail = (reason: string, errno?: number) => end(failWith(call.api, reason, errno))
  return {
    fail,
    atEnd: (leave) => void leaving.push(leave),
    start() {
      leaving.push(phone.timer(timeoutMs, () => fail('timeout', ERRNO.timeout)))
      call.send(controller.signal).then(end)
    },
  }
}

/** The line in which a phone's calls stand: ten at a time, each with its time-out. */
export function createNetwork(phone: Phone, defaultTimeoutMs: number): Network {
  const slots = createSlots(CONCURRENT_CALLS)
  const jobs = new Set<Job>()
  const stand = (job: Job) => {
    jobs.add(job)
    const ticket = slots.enter(job.start)
    job.atEnd(() => {
      jobs.delete(job)
      ticket.leave()
    })
  }
  return {
    begin(call) {
      const job = createJob(phone, call, call.options.timeout ?? defaultTimeoutMs)
      if (phone.state.suspended) job.fail('interrupted', ERRNO.interrupted)
      else if (!phone.state.killed) stand(job)
      return { abort: () => job.fail('abort') }
    },
    failAll(reason, errno) {
      // The last first, so that none of those who wait is let in for a moment.
      for (const job of [...jobs].reverse()) job.fail(reason, errno)
    },
    running: () => slots.running(),
    queued: () => slots.waiting(),
  }
}
