import type { Arrow, ArrowKind } from '../../lib/conversation/arrow.ts'
import { routeOf } from '../explain/explain.ts'

/** Which arrow is waited for. What is left out may be anything. */
export interface Wanted {
  part?: Arrow['part']
  kind?: ArrowKind
  phone?: number
  method?: string
  /** Of the exchange's call. */
  path?: string
  status?: number
  outcome?: NonNullable<Arrow['outcome']>
  reason?: string
  /** Of a note. */
  action?: Arrow['action']
}

function callOf(arrow: Arrow, arrows: readonly Arrow[]): Arrow | undefined {
  if (arrow.part === 'call') return arrow
  return arrows.find(({ exchange, part }) => part === 'call' && exchange === arrow.exchange)
}

const fits = <T>(wanted: T | undefined, is: T | undefined) => wanted === undefined || wanted === is

/** Whether this is it; `arrows` are all that are known, for the call of an answer. */
export function matches(wanted: Wanted, arrow: Arrow, arrows: readonly Arrow[]): boolean {
  const { part = wanted.action === undefined ? 'answer' : 'note', phone, method, path } = wanted
  const id = phone === undefined ? undefined : `phone:${phone}`
  const isSame =
    part === arrow.part &&
    fits(wanted.kind, arrow.kind) &&
    fits(wanted.status, arrow.status) &&
    fits(wanted.outcome, arrow.outcome) &&
    fits(wanted.reason, arrow.reason) &&
    fits(wanted.action, arrow.action) &&
    (id === undefined || arrow.from === id || arrow.to === id)
  if (!isSame) return false
  if (method === undefined && path === undefined) return true
  const route = routeOf(callOf(arrow, arrows))
  return fits(method, route.method) && fits(path, route.path)
}

/** `phone 1: GET /whoami → 401 idle_timeout`, for people who wait for it in vain. */
export function describeWanted({
  phone,
  kind,
  method,
  path,
  status,
  outcome,
  reason,
  action,
}: Wanted): string {
  const who = phone === undefined ? '' : `phone ${phone}: `
  const call = [method, path ?? kind ?? action].filter(Boolean).join(' ')
  const answer = [status, reason ?? outcome].filter((part) => part !== undefined).join(' ')
  return `${who}${call}${answer === '' ? '' : ` → ${answer}`}`
}

/** The first arrow after `since` for each that is wanted, no arrow for two; undefined where one is missing. */
export function findAll(
  wanted: readonly Wanted[],
  arrows: readonly Arrow[],
  since: number,
): { found: Arrow[]; missing: Wanted[] } {
  const found: Arrow[] = []
  const missing: Wanted[] = []
  for (const one of wanted) {
    const hit = arrows.find(
      (arrow) => arrow.seq > since && !found.includes(arrow) && matches(one, arrow, arrows),
    )
    if (hit === undefined) missing.push(one)
    else found.push(hit)
  }
  return { found, missing }
}
