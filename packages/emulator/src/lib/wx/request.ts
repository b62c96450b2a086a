import { callBack, failWith, type Outcome } from './callbacks.ts'
import { hasBaseLibrary, type Phone } from './phone.ts'
import { type Plan, planRequest, type RequestOptions, type RequestResult } from './request-plan.ts'

export interface RequestTask {
  abort(): void
  onHeadersReceived(listener: (res: { header: Record<string, string> }) => void): void
  offHeadersReceived(listener?: (res: { header: Record<string, string> }) => void): void
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

interface Job {
  options: RequestOptions
  plan: Plan
  controller: AbortController
  state: 'queued' | 'running' | 'done'
  cancelTimeout: () => void
  headerListeners: Set<(res: { header: Record<string, string> }) => void>
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
  return {
    options,
    plan: planRequest(environment.phone, options, environment.domains),
    controller: new AbortController(),
    state: 'queued',
    cancelTimeout: () => {},
    headerListeners: new Set(),
  }
}

function makeTask(job: Job, abort: () => void): RequestTask {
  return {
    abort,
    onHeadersReceived: (listener) => job.headerListeners.add(listener),
    offHeadersReceived: (listener) => {
      if (listener) job.headerListeners.delete(listener)
      else job.headerListeners.clear()
    },
  }
}

/** `wx.request`: ten at a time, success on any status, a task and never a Promise. */
export function createRequester(environment: RequestEnvironment): Requester {
  const { phone } = environment
  const jobs = new Set<Job>()
  let suspended = false
  const inState = (state: Job['state']) => [...jobs].filter((job) => job.state === state)
  const finish = (job: Job, outcome: Outcome<RequestResult>) => {
    if (job.state === 'done') return
    job.state = 'done'
    jobs.delete(job)
    job.cancelTimeout()
    job.controller.abort()
    pump()
    const told = hasBaseLibrary(phone, '2.24.0') ? outcome : withoutErrno(outcome)
    queueMicrotask(() => callBack(job.options, told))
  }
  const start = (job: Job) => {
    job.state = 'running'
    const timeoutMs = job.options.timeout ?? environment.defaultTimeoutMs
    const onTimeout = () => finish(job, failWith('request', 'timeout', ERRNO.timeout))
    job.cancelTimeout = phone.timer(timeoutMs, onTimeout)
    fetchResult(environment, job).then((outcome) => finish(job, outcome))
  }
  const pump = () => {
    const free = CONCURRENT_REQUESTS - inState('running').length
    for (const job of inState('queued').slice(0, Math.max(0, free))) start(job)
  }
  const interrupt = (job: Job) => finish(job, failWith('request', 'interrupted', ERRNO.interrupted))
  return {
    request(options) {
      const job = makeJob(environment, options)
      jobs.add(job)
      if (suspended) interrupt(job)
      else pump()
      return makeTask(job, () => finish(job, failWith('request', 'abort')))
    },
    suspend() {
      suspended = true
      for (const job of [...jobs].reverse()) interrupt(job)
    },
    resume: () => {
      suspended = false
    },
    running: () => inState('running').length,
    queued: () => inState('queued').length,
  }
}
