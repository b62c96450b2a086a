import { StoreUnavailableError } from '../../errors.ts'
import type { LoginPlan } from '../store.ts'
import { type LoginFields, packLogin, unpackLogin } from './login-fields.ts'
import type { OrderOf, Verb } from './orders.ts'

/** What the serving thread and the writer thread say to each other. */

export interface ThreadData {
  readonly file: string
  readonly patienceMs: readonly number[]
}

/** An order keeps the number under which its answer is waited for. */
export type NumberedOrder = readonly [number: number, verb: Verb, order: unknown]

export type ToWriter =
  | {
      readonly kind: 'orders'
      /** How far the store's clock is ahead of the system's: the writer tells the time by it. */
      readonly aheadMs: number
      readonly orders: readonly NumberedOrder[]
    }
  | { readonly kind: 'break_off' }
  | { readonly kind: 'close' }

export type Settled =
  | readonly [number: number, isDone: true, answer: unknown]
  | readonly [number: number, isDone: false, error: PortableError]

export type FromWriter =
  | { readonly kind: 'settled'; readonly settled: readonly Settled[] }
  | { readonly kind: 'broken'; readonly cause: PortableError }
  /** The file could not be opened, and this thread ends: nothing was written. */
  | { readonly kind: 'not_opened'; readonly cause: PortableError }

/** An error with what the judgement about it rests on; a copy as threads make it would lose that. */
export interface PortableError {
  readonly kind: 'unavailable' | 'range' | 'other'
  readonly message: string
  readonly errcode: number | null
  readonly cause: PortableError | null
}

export function portableError(error: unknown): PortableError {
  const isError = error instanceof Error
  const errcode = isError && 'errcode' in error && typeof error.errcode === 'number' ? error.errcode : null
  const cause = isError && error.cause !== undefined ? portableError(error.cause) : null
  return { kind: kindOf(error), message: isError ? error.message : String(error), errcode, cause }
}

function kindOf(error: unknown): PortableError['kind'] {
  if (error instanceof StoreUnavailableError) return 'unavailable'
  return error instanceof RangeError ? 'range' : 'other'
}

export function errorOf({ kind, message, errcode, cause }: PortableError): Error {
  const options = cause === null ? {} : { cause: errorOf(cause) }
  if (kind === 'unavailable') return new StoreUnavailableError(options.cause)
  if (kind === 'range') return new RangeError(message, options)
  const error = new Error(message, options)
  return errcode === null ? error : Object.assign(error, { code: 'ERR_SQLITE_ERROR', errcode })
}

/** A login, which comes often, goes as a flat list; the others as they are. */
export function portableOrder([number, verb, order]: NumberedOrder): NumberedOrder {
  return [number, verb, verb === 'recordLogin' ? packLogin(order as LoginPlan) : portable(order)]
}

export function arrivedOrder([, verb, order]: NumberedOrder): OrderOf<Verb> {
  return verb === 'recordLogin' ? unpackLogin(order as LoginFields) : (order as OrderOf<Verb>)
}

/**
 * The same to be copied cheaply: a view of bytes takes all the memory along that it looks at, and Buffers look at a
 * pool of 8 KiB.
 */
export function portable(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Uint8Array) return ownBytes(value)
  if (Array.isArray(value)) return value.length === 0 ? value : value.map(portable)
  const copy: Record<string, unknown> = {}
  for (const [name, part] of Object.entries(value)) copy[name] = portable(part)
  return copy
}

function ownBytes(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : new Uint8Array(bytes)
}
