import { type BookValue, sameJson } from '../book.ts'

/** Columns that hold bytes. */
export const BYTES: readonly string[] = ['token_hash', 'next_hash', 'renewal_seed', 'seed', 'hash']

const DEVICE = ['id', 'brand', 'model', 'platform', 'label'] as const

/** A device is a list in a copy, and an object here. */
export function deviceObject(value: BookValue): string | null {
  if (typeof value !== 'string') return null
  const parts = JSON.parse(value) as unknown[]
  return JSON.stringify(Object.fromEntries(DEVICE.map((name, at) => [name, parts[at] ?? null])))
}

/** JSON in the one form that it has in a copy. A device of which nothing is known is no device. */
export function jsonForm(column: string, text: unknown): string | null {
  if (typeof text !== 'string') return null
  const value: unknown = JSON.parse(text)
  if (column !== 'device') return sameJson(value)
  const parts: unknown[] = DEVICE.map((name) => Object(value)[name] ?? null)
  return parts.every((part) => part === null) ? null : JSON.stringify(parts)
}
