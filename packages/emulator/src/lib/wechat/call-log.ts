/** One request that reached a WeChat path. */
export interface CallRecord {
  /** 1 for the first call since start or reset. */
  seq: number
  /** ISO 8601, virtual clock. */
  at: string
  method: string
  path: string
  /** First value of each parameter; secrets, tokens and signatures are `***`. */
  query: Record<string, string>
  ip: string
  userAgent: string | null
  /** HTTP status; null while the call runs, and for good where the connection was reset. */
  status: number | null
  errcode?: number | undefined
  /** As sent, with its rid. */
  errmsg?: string | undefined
  /** Whose access_token it was, or who got one. */
  appid?: string | undefined
  openid?: string | undefined
  unionid?: string | undefined
  /** A fault had its hand in it. */
  fault: boolean
  /** The emulator does not serve this path. */
  unknownPath: boolean
  /** Real time; null while the call runs. */
  durationMs: number | null
}

export interface CallLog {
  add(record: Omit<CallRecord, 'seq'>): CallRecord
  list(): CallRecord[]
  /** How many of the oldest were forgotten. */
  dropped(): number
  clear(): void
}

/** Newest so many calls are kept. */
export const CALL_LOG_LENGTH = 10_000

export function createCallLog(length: number = CALL_LOG_LENGTH): CallLog {
  let records: CallRecord[] = []
  let seq = 0
  let droppedCount = 0
  return {
    add(record) {
      seq += 1
      const added: CallRecord = { seq, ...record }
      records.push(added)
      // Trimmed in big steps: shifting one by one would cost the whole list each time.
      if (records.length >= length * 2) {
        droppedCount += records.length - length
        records = records.slice(-length)
      }
      return added
    },
    list: () => records.slice(-length).map((record) => ({ ...record, query: { ...record.query } })),
    dropped: () => droppedCount + Math.max(0, records.length - length),
    clear() {
      records = []
      seq = 0
      droppedCount = 0
    },
  }
}

// A login-state signature is as good as the session_key that made it, as long as that lives.
const SECRET_NAME = /secret|token|session_key|password|signature/i
const LONGEST_VALUE = 512

/** The query as the log may show it. The first of a repeated parameter counts, as it does for WeChat's paths here. */
export function maskQuery(query: URLSearchParams): Record<string, string> {
  const names = [...new Set(query.keys())]
  return Object.fromEntries(names.map((name) => [name, maskValue(name, query.get(name) ?? '')]))
}

function maskValue(name: string, value: string): string {
  if (SECRET_NAME.test(name)) return '***'
  return value.length > LONGEST_VALUE ? `${value.slice(0, LONGEST_VALUE)}…` : value
}
