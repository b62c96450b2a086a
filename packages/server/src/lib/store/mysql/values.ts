import type { MysqlField } from './driver.ts'

/** Columns that hold bytes, by the names that the records give them. All others of their types hold text. */
const BYTES = new Set(['tokenHash', 'nextHash', 'renewalSeed', 'seed'])
const JSON_TEXT = new Set(['device', 'keyRing', 'facts'])
const NUMBERS = new Set(['TINY', 'SHORT', 'INT24', 'LONG', 'LONGLONG', 'NEWDECIMAL'])

/**
 * How values are read, whatever the pool's owner has set for other uses. Numbers are exact in a JavaScript number, since
 * they came out of one. Bytes are copied: they may be kept for long, and would hold all that came with them.
 */
export function readValue(field: MysqlField): unknown {
  if (BYTES.has(field.name)) {
    const bytes = field.buffer()
    return bytes === null ? null : Buffer.from(bytes)
  }
  const text = field.string('utf8')
  if (text === null) return null
  if (NUMBERS.has(field.type)) return Number(text)
  return JSON_TEXT.has(field.name) ? (JSON.parse(text) as unknown) : text
}
