import { callBack, failWith, type Outcome } from './callbacks.ts'
import { hasBaseLibrary, type Phone } from './phone.ts'
import { type Plan, planRequest, type RequestOptions, type RequestResult } from './request-plan.ts'
import { createSlots } from './slots.ts'

export interface RequestTask {
  abort(): void
  onHeadersReceived(listener: HeaderListener): void
  offHeadersReceived(listener?: HeaderListener): void
}

export interface RequestEnvironment {
  phone: Phone
  /** Origins a mini program may call; absent: any, as with DevTools' 不校验合法域名. */
  domains?: readonly string[] | undefined
  /** How header names arrive; platforms differ. */
  headerCase: 'lower' | 'title'
  defaultTimeoutMs: number
}

export interface Requester {
  request(options: RequestOptions): RequestTask
  /** Five seconds after going to the background: everything under way fails, and so does what is begun. */
  suspend(): void
  resume(): void
  running(): number
  queued(): number
}

/** Requests under way at the same time; the others wait. */
export const CONCURRENT_REQUESTS = 10

const ERRNO = { timeout: 5, network: 600001, interrupted: 600003 } as const

type HeaderListener = (res: { header: Record<string, string> }) => void

/** One request from its call to its callbacks. */
interface Job {
  options: RequestOptions
  /** Made at the call: what the page does to its objects later does not count. */
  plan: Plan
  controller: AbortController
  headerListeners: Set<HeaderListener>
  done: boolean
  cancelTimeout: () => void
  leaveLine: () => void
}

function titleCase(name: string): string {
  return name.replace(/(^|-)([a-z])/g, (_, dash: string, letter: string) => dash + letter.toUpperCase())
}

function headerOf(response: Response, headerCase: 'lower' | 'title'): Record<string, string> {
  const entries = [...response.headers]
  return Object.fromEntries(
    entries.map(([name, value]) => [headerCase === 'title' ? titleCase(name) : name, value]),
  )
}

function parseData(bytes: ArrayBuffer, options: RequestOptions): unknown {
  if (options.responseType === 'arraybuffer') return bytes
  const text = new TextDecoder().decode(bytes) // strips one BOM
  if ((options.dataType ?? 'json') !== 'json') return text
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function networkReason(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  if (code === 'ECONNREFUSED') return '-102:net::ERR_CONNECTION_REFUSED'
  if (code === 'ECONNRESET' || code === 'UND_ERR_SOCKET') return '-101:net::ERR_CONNECTION_RESET'
  if (code === 'ENOTFOUND') return '-105:net::ERR_NAME_NOT_RESOLVED'
  if (code === 'UND_ERR_CONNECT_TIMEOUT') return '-118:net::ERR_CONNECTION_TIMED_OUT'
  if (typeof code === 'string' && /CERT|SSL|TLS/.test(code)) return 'ssl hand shake error'
  return '-2:net::ERR_FAILED'
}

async function fetchResult(environment: RequestEnvironment, job: Job): Promise<Outcome<RequestResult>> {
  const { plan, options, controller } = job
  if (!plan.ok) return failWith('request', plan.reason, plan.errno)
  const injected = environment.phone.takeFailure<RequestResult>('request')
  if (injected) return injected
  try {
    const response = await environment.phone.fetch(plan.url, { ...plan.init, signal: controller.signal })
    const header = headerOf(response, environment.headerCase)
    for (const listener of job.headerListeners) listener({ header })
    const data = parseData(await response.arrayBuffer(), options)
    const cookies = response.headers.getSetCookie()
    return { ok: true, res: { errMsg: 'request:ok', data, statusCode: response.status, header, cookies } }
  } catch (error) {
    return failWith('request', networkReason(error), ERRNO.network)
  }
}

function withoutErrno(outcome: Outcome<RequestResult>): Outcome<RequestResult> {
  return outcome.ok ? outcome : { ok: false, failure: { errMsg: outcome.failure.errMsg } }
}

function makeJob(environment: RequestEnvironment, options: RequestOptions): Job {
  const controller = new AbortController()
  const nothing = () => {}
  return {
    options,
    plan: planRequest(environment.phone, options, environment.domains),
    controller,
    headerListeners: new Set(),
    done: false,
    cancelTimeout: nothing,
    leaveLine: nothing,
  }
}

function makeTask(job: Job, abort: () => void): RequestTask {
  return {
    abort,
    onHeadersReceived: (listener) => void job.headerListeners.add(listener),
    offHeadersReceived: (listener) => {
      if (listener) job.headerListeners.delete(listener)
      else job.headerListeners.clear()
    },
  }
}

/** Ends a job once: whatever comes later for it is too late. */
function finish(environment: RequestEnvironment, job: Job, outcome: Outcome<RequestResult>): void {
  if (job.done) return
  job.done = true
  job.cancelTimeout()
  job.controller.abort()
  job.leaveLine()
  const told = hasBaseLibrary(environment.phone, '2.24.0') ? outcome : withoutErrno(outcome)
  queueMicrotask(() => callBack(job.options, told))
}

function start(environment: RequestEnvironment, job: Job): void {
  const timeoutMs = job.options.timeout ?? environment.defaultTimeoutMs
  const onTimeout = () => finish(environment, job, failWith('request', 'timeout', ERRNO.timeout))
  job.cancelTimeout = environment.phone.timer(timeoutMs, onTimeout)
  fetchResult(environment, job).then((outcome) => finish(environment, job, outcome))
}

/** `wx.request`: ten at a time, success on any status, a task and never a Promise. */
export function createRequester(environment: RequestEnvironment): Requester {
  const slots = createSlots(CONCURRENT_REQUESTS)
  const jobs = new Set<Job>()
  let suspended = false
  const interrupt = (job: Job) =>
    finish(environment, job, failWith('request', 'interrupted', ERRNO.interrupted))
  const stand = (job: Job) => {
    const ticket = slots.enter(() => start(environment, job))
    jobs.add(job)
    job.leaveLine = () => {
      jobs.delete(job)
      ticket.leave()
    }
  }
  return {
    request(options) {
      const job = makeJob(environment, options)
      if (suspended) interrupt(job)
      else stand(job)
      return makeTask(job, () => finish(environment, job, failWith('request', 'abort')))
    },
    suspend() {
      suspended = true
      // The last first, so that none of those who wait is let in for a moment.
      for (const job of [...jobs].reverse()) interrupt(job)
    },
    resume: () => {
      suspended = false
    },
    running: () => slots.running(),
    queued: () => slots.waiting(),
  }
}
