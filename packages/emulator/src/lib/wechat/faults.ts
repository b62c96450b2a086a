import { EmulatorError } from '../machine.ts'
import { errmsgTemplate } from './errcodes.ts'

/** Something that goes wrong on a WeChat path. At least one effect must be given. */
export interface FaultInput {
  /** A path such as `/sns/jscode2session`, or `*` for every WeChat path. */
  path: string
  /** How many calls it hits. Absent: all, until faults are cleared. */
  times?: number | undefined
  /** Answer this errcode in WeChat's dress. */
  errcode?: number | undefined
  /** Its text, where the catalogue has none. `{rid}` is filled in. */
  errmsg?: string | undefined
  /** HTTP status. Alone: the HTML page of a proxy. */
  status?: number | undefined
  /** Wait that long (real time) before anything is sent. Alone: a slow but correct answer. */
  delayMs?: number | undefined
  /** Reset the TCP connection instead of answering. */
  reset?: boolean | undefined
  /** Raw body instead of WeChat's. */
  body?: string | undefined
  /** The same for bytes that are no UTF-8. */
  bodyBase64?: string | undefined
  contentType?: string | undefined
  headers?: Record<string, string> | undefined
  /** Announce the whole length, send that many bytes of the body, then cut the connection. */
  cutAfterBytes?: number | undefined
  /** `after`: WeChat does its work (spends the code) and only the answer is lost. Default `before`. */
  when?: 'before' | 'after' | undefined
}

const EFFECTS = [
  'errcode',
  'status',
  'delayMs',
  'reset',
  'body',
  'bodyBase64',
  'contentType',
  'headers',
  'cutAfterBytes',
] as const

/** Refuses faults that would do nothing, or could not say what they mean. */
export function checkFault(fault: FaultInput): void {
  if (!EFFECTS.some((effect) => fault[effect] !== undefined)) {
    throw new EmulatorError('invalid_input', 'the fault has no effect', `give one of ${EFFECTS.join(', ')}`)
  }
  const { path, errcode, errmsg } = fault
  if (errcode === undefined || errmsg !== undefined) return
  if (errmsgTemplate(path, errcode) !== undefined) return
  throw new EmulatorError('invalid_input', `errcode ${errcode} has no known text`, 'give errmsg beside it')
}

export interface FaultList {
  add(fault: FaultInput): void
  /** Whether any was added since the last time. */
  clear(): boolean
  /** The oldest fault that hits this path; counts it down. */
  take(path: string): FaultInput | undefined
  list(): FaultInput[]
}

export function createFaultList(): FaultList {
  let isUntouched = true
  let faults: { fault: FaultInput; left: number }[] = []
  return {
    add: (fault) => {
      isUntouched = false
      faults.push({ fault, left: fault.times ?? Number.POSITIVE_INFINITY })
    },
    clear: () => {
      const hadAny = !isUntouched
      isUntouched = true
      faults = []
      return hadAny
    },
    take(path) {
      const hit = faults.find(({ fault }) => fault.path === path || fault.path === '*')
      if (!hit) return undefined
      hit.left -= 1
      if (hit.left <= 0) faults = faults.filter((entry) => entry !== hit)
      return hit.fault
    },
    list: () => faults.map(({ fault, left }) => (Number.isFinite(left) ? { ...fault, times: left } : fault)),
  }
}
