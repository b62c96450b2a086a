import { type DestinationStream, pino } from 'pino'
import { createLineWriter } from './line-writer.ts'
import type { Fields, Level, Telemetry } from './telemetry.ts'

const MAX_FIELD_LENGTH = 512
const MAX_FIELDS = 32
/** Pino writes these itself; a field of the same name would make a line with two of them. */
const TAKEN = new Set(['level', 'time', 'event', 'pid', 'hostname', 'msg'])

/** Our own tokens, and what would stand in a URL of WeChat's: the last net, for texts of errors. */
const TOKEN = /y[pk]1_[A-Za-z0-9_-]{16,}/g
const PARAMETER = /\b(secret|session_key|js_code|access_token|appsecret)(["']?\s*[=:]\s*["']?)[^&\s"',}]+/gi
/** Of a database or of Redis. */
const PASSWORD = /(:\/\/[^\s/:@]*:)[^\s@]+@/g
/** Would end or redraw a line somewhere on its way: C0, C1, U+2028, U+2029. */
const UNPRINTABLE = /[\p{Cc}\u2028\u2029]/gu

export interface LogOptions {
  /** One of pino's levels, `silent` included. */
  readonly level: string
  /** Where the lines go; see {@link openStdout}. */
  readonly destination: DestinationStream
}

/**
 * The log of a running server: one JSON object a line, times in RFC 3339 and UTC, the event's stable name first.
 * Fields are scalars, capped, without control characters; what looks like a token is blotted out.
 */
export function createLog({ level, destination }: LogOptions): Telemetry['log'] {
  const logger = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination,
  )
  const isOn = (lineLevel: Level) => logger.isLevelEnabled(lineLevel)
  const log = (lineLevel: Level, event: string, fields: Fields = {}) => {
    if (isOn(lineLevel)) logger[lineLevel]({ event: printable(event), ...cleaned(fields) })
  }
  return Object.assign(log, { isOn })
}

/** Standard output, written without waiting for who reads it; a reader that stopped costs lines, not requests. */
export function openStdout(fd = 1): DestinationStream & { flushSync(): void } {
  return createLineWriter(fd)
}

function cleaned(fields: Fields): Fields {
  const entries = Object.entries(fields)
    .filter(([name]) => !TAKEN.has(name))
    .slice(0, MAX_FIELDS)
    .map(([name, value]) => [name, scalar(value)] as const)
  return Object.fromEntries(entries)
}

/** The types admit scalars alone; what came past them is not printed. */
function scalar(value: unknown): string | number | boolean | null {
  if (typeof value === 'string') return printable(value)
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return value
  return '[redacted]'
}

/** Cut before it is searched, so that a megabyte costs no more than a line; cut again at the end. */
function printable(text: string): string {
  const clean = text
    .slice(0, 4 * MAX_FIELD_LENGTH)
    .replace(TOKEN, '[redacted]')
    .replace(PARAMETER, '$1$2[redacted]')
    .replace(PASSWORD, '$1[redacted]@')
    .replace(UNPRINTABLE, '\uFFFD')
  return clean.length > MAX_FIELD_LENGTH ? `${clean.slice(0, MAX_FIELD_LENGTH)}…` : clean
}
