import { type Columns, chosen, type DateField, dateColumns, timeColumns } from './picker-dates.ts'
import { codesOf, regionColumns } from './picker-regions.ts'

/** What a picker's template says, and the day that it is. */
export interface PickerData {
  mode: string
  range: readonly unknown[]
  rangeKey: string
  value: unknown
  start: string
  end: string
  fields: string
  level: string
  customItem: string
  /** YYYY-MM-DD */
  today: string
}

function labelOf(item: unknown, key: string): string {
  if (key === '' || typeof item !== 'object' || item === null) return String(item ?? '')
  return String((item as Record<string, unknown>)[key] ?? '')
}

function turnedTo(index: unknown, rows: number): number {
  const at = Math.trunc(Number(index))
  return Number.isFinite(at) ? Math.max(0, Math.min(rows - 1, at)) : 0
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

function multiColumns({ range, rangeKey, value }: PickerData): Columns {
  const labels = range.map((column) => listOf(column).map((item) => labelOf(item, rangeKey)))
  const indices = listOf(value)
  return { labels, at: labels.map((column, index) => turnedTo(indices[index], column.length)) }
}

/** The columns that a picker shows for its properties. An unknown mode is a selector. */
export function columnsFor(data: PickerData): Columns {
  const { mode, range, rangeKey, value, start, end, fields, level, customItem, today } = data
  if (mode === 'multiSelector') return multiColumns(data)
  if (mode === 'time') return timeColumns(String(value ?? ''), start, end)
  if (mode === 'date')
    return dateColumns(String(value ?? ''), { start, end, field: fields as DateField, today })
  if (mode === 'region') return regionColumns(listOf(value).map(String), level, customItem)
  const labels = range.map((item) => labelOf(item, rangeKey))
  return { labels: [labels], at: [turnedTo(value, labels.length)] }
}

/** The value that the columns stand for, as `value` and `detail.value` have it. */
export function pickedValue(mode: string, columns: Columns): unknown {
  if (mode === 'multiSelector') return [...columns.at]
  if (mode === 'time') return chosen(columns).join(':')
  if (mode === 'date') return chosen(columns).join('-')
  if (mode === 'region') return chosen(columns)
  return columns.at[0] ?? 0
}

/** `detail` of `change`. */
export function detailOf(mode: string, value: unknown): Record<string, unknown> {
  return mode === 'region' ? { value, ...codesOf(listOf(value).map(String)) } : { value }
}
