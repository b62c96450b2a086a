/** Columns of a picker as they stand: the words of each, and the row that each is turned to. */
export interface Columns {
  labels: string[][]
  at: number[]
}

const two = (value: number): string => String(value).padStart(2, '0')

const count = (from: number, to: number): number[] =>
  Array.from({ length: Math.max(1, to - from + 1) }, (_, i) => from + i)

/** Years of a date picker that names neither start nor end. */
const YEARS = { first: 1900, last: 2100 }

function parse(text: string, pattern: RegExp): number[] | undefined {
  const found = pattern.exec(text.trim())
  return found === null
    ? undefined
    : found
        .slice(1)
        .filter((part) => part !== undefined)
        .map(Number)
}

const TIME = /^(\d{1,2}):(\d{1,2})$/

const DATE = /^(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?$/

function clampTo(parts: number[], low: number[], high: number[]): number[] {
  const compare = (a: number[], b: number[]) => {
    const at = a.findIndex((part, index) => part !== b[index])
    return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0)
  }
  if (compare(parts, low) < 0) return low
  return compare(parts, high) > 0 ? high : parts
}

/** From the first and last value of each part, how far it may go while the parts before it are as they are. */
function boundsOf(
  parts: number[],
  at: number,
  low: number[],
  high: number[],
  whole: [number, number],
): [number, number] {
  const isLow = parts.slice(0, at).every((part, index) => part === low[index])
  const isHigh = parts.slice(0, at).every((part, index) => part === high[index])
  return [isLow ? (low[at] ?? whole[0]) : whole[0], isHigh ? (high[at] ?? whole[1]) : whole[1]]
}

/** `mode="time"`, within `start` and `end`. What cannot be read as hh:mm counts as 00:00, 00:00 and 23:59. */
export function timeColumns(value: string, start: string, end: string): Columns {
  const low = parse(start, TIME) ?? [0, 0]
  const high = parse(end, TIME) ?? [23, 59]
  const [hour = 0, minute = 0] = clampTo(parse(value, TIME) ?? [0, 0], low, high)
  const parts = [hour, minute]
  const wholes: [number, number][] = [
    [0, 23],
    [0, 59],
  ]
  return columnsOf(parts, low, high, (at) => wholes[at] ?? [0, 0], two)
}

function columnsOf(
  parts: number[],
  low: number[],
  high: number[],
  whole: (at: number) => [number, number],
  words: (value: number, at: number) => string,
): Columns {
  const ranges = parts.map((_, at) => count(...boundsOf(parts, at, low, high, whole(at))))
  return {
    labels: ranges.map((range, at) => range.map((value) => words(value, at))),
    at: ranges.map((range, at) => Math.max(0, range.indexOf(parts[at] ?? 0))),
  }
}

export type DateField = 'year' | 'month' | 'day'

const FIELDS: Readonly<Record<DateField, number>> = { year: 1, month: 2, day: 3 }

/** Days of a month, from 1; February of leap years has 29. */
export function daysIn(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate()
}

/** `mode="date"`. `today` (YYYY-MM-DD) stands where the value cannot be read. */
export function dateColumns(
  value: string,
  { start, end, field, today }: { start: string; end: string; field: DateField; today: string },
): Columns {
  const size = FIELDS[field] ?? FIELDS.day
  const fill = (parts: number[], rest: number[]) => [...parts, ...rest.slice(parts.length)].slice(0, 3)
  const low = fill(parse(start, DATE) ?? [], [YEARS.first, 1, 1])
  const high = fill(parse(end, DATE) ?? [], [YEARS.last, 12, 31])
  const asked = fill(parse(value, DATE) ?? parse(today, DATE) ?? [], [YEARS.first, 1, 1])
  const parts = clampTo(asked, low, high)
  const [year = YEARS.first, month = 1] = parts
  parts[2] = Math.min(parts[2] ?? 1, daysIn(year, month))
  const wholes: [number, number][] = [
    [YEARS.first, YEARS.last],
    [1, 12],
    [1, daysIn(year, month)],
  ]
  const all = columnsOf(
    parts,
    low,
    high,
    (at) => wholes[at] ?? [1, 1],
    (part, at) => (at === 0 ? String(part) : two(part)),
  )
  return { labels: all.labels.slice(0, size), at: all.at.slice(0, size) }
}

/** The words that the columns are turned to. */
export function chosen({ labels, at }: Columns): string[] {
  return labels.map((column, index) => column[at[index] ?? 0] ?? '')
}
