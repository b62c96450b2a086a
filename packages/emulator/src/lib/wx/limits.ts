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

/** Counts, warns, refuses nothing: a breach shows as a letter to the operator first. */
export function createLimits(options: LimitsOptions): Limits {
  const counts: Record<LimitedApi, number> = { login: 0, checkSession: 0, getUserInfo: 0, getUserProfile: 0 }
  const recentMs: Record<LimitedApi, number[]> = {
    login: [],
    checkSession: [],
    getUserInfo: [],
    getUserProfile: [],
  }
  const today = { day: dayOf(options.now()), pageViews: 1, calls: 0 }
  const warned: string[] = []
  const warn = (line: string) => {
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
      const nowMs = options.now()
      recentMs[api] = [...recentMs[api].filter((atMs) => atMs > nowMs - 1000), nowMs]
      const inSecond = recentMs[api].length
      if (inSecond > CALLS_PER_SECOND) {
        warn(`wx.${api}: ${inSecond} calls within a second, WeChat allows ${CALLS_PER_SECOND} per user`)
      }
      const allowed = today.pageViews * CALLS_PER_PAGE_VIEW
      if (today.calls > allowed) {
        warn(
          `wx.${api}: call ${today.calls} of the day, WeChat allows ${allowed} at ${today.pageViews} page views`,
        )
      }
    },
    pageView() {
      startDay()
      today.pageViews += 1
    },
    counts: () => ({ ...counts }),
    warnings: () => [...warned],
  }
}
