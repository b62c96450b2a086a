/** The APIs whose frequency WeChat limits per user and day. */
export const LIMITED_APIS = ['login', 'checkSession', 'getUserInfo', 'getUserProfile'] as const
export type LimitedApi = (typeof LIMITED_APIS)[number]

/** Calls a second and user that WeChat allows. */
export const CALLS_PER_SECOND = 4
/** Calls a day that WeChat allows for each page view. */
export const CALLS_PER_PAGE_VIEW = 2

export interface Limits {
  note(api: LimitedApi): void
  /** One more page was shown: room for two more calls today. */
  pageView(): void
  counts(): Record<LimitedApi, number>
  warnings(): string[]
}

export interface LimitsOptions {
  now(): number
  warn(line: string): void
}

const BEIJING_OFFSET_MS = 28_800_000

function dayOf(nowMs: number): number {
  return Math.floor((nowMs + BEIJING_OFFSET_MS) / 86_400_000)
}

function zero(): Record<LimitedApi, number> {
  return { login: 0, checkSession: 0, getUserInfo: 0, getUserProfile: 0 }
}

/** What the day's counters say after one more call, or undefined while all is well. */
function dayWarning(api: LimitedApi, calls: number, pageViews: number): string | undefined {
  const allowed = pageViews * CALLS_PER_PAGE_VIEW
  if (calls <= allowed) return undefined
  return `wx.${api}: call ${calls} of the day, WeChat allows ${allowed} at ${pageViews} page views`
}

/** Counts the calls of the last second; the answer is a warning or undefined. */
function createSecondWatch(now: () => number): (api: LimitedApi) => string | undefined {
  const recentMs = new Map<LimitedApi, number[]>()
  return (api) => {
    const recent = [...(recentMs.get(api) ?? []).filter((atMs) => atMs > now() - 1000), now()]
    recentMs.set(api, recent)
    if (recent.length <= CALLS_PER_SECOND) return undefined
    return `wx.${api}: ${recent.length} calls within a second, WeChat allows ${CALLS_PER_SECOND} per user`
  }
}

/** Counts, warns, refuses nothing: a breach shows as a letter to the operator first. */
export function createLimits(options: LimitsOptions): Limits {
  const counts = zero()
  const watchSecond = createSecondWatch(options.now)
  const today = { day: dayOf(options.now()), pageViews: 1, calls: 0 }
  const warned: string[] = []
  const warn = (line: string | undefined) => {
    if (line === undefined) return
    warned.push(line)
    options.warn(line)
  }
  const startDay = () => {
    const day = dayOf(options.now())
    if (day !== today.day) Object.assign(today, { day, pageViews: 0, calls: 0 })
  }
  return {
    note(api) {
      startDay()
      counts[api] += 1
      today.calls += 1
      warn(watchSecond(api))
      warn(dayWarning(api, today.calls, today.pageViews))
    },
    pageView() {
      startDay()
      today.pageViews += 1
    },
    counts: () => ({ ...counts }),
    warnings: () => [...warned],
  }
}
