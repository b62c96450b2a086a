import { createHash } from 'node:crypto'
import { withinMs } from '../../within.ts'
import type { Deadline } from '../sql/deadline.ts'
import { DatabaseFault } from '../sql/faults.ts'
import type { Limits } from '../sql/limits.ts'
import { OWN_TYPES, type PgClient, type PgQuery, type PgResult, type PgValue } from './driver.ts'
import { faultOf } from './faults.ts'

/** A statement written by hand, which each connection prepares once. */
export interface Statement {
  readonly name: string
  readonly text: string
}

/** Named by its text, so that two versions behind one connection pooler never mean different things by one name. */
export function statement(text: string): Statement {
  return { name: `yaopai_${createHash('sha256').update(text).digest('hex').slice(0, 24)}`, text }
}

/** How many parts the sessions' tables can be divided into; see the first migration. */
const BUCKETS = 256

/** The row of a session, or of what hangs on one, whose selector is that parameter. */
export function atSelector(selector: `$${number}`, table = ''): string {
  return `${table}bucket = (${selector}::bigint % ${BUCKETS})::smallint AND ${table}selector = ${selector}::bigint`
}

export function bucketOf(selector: number): number {
  return selector % BUCKETS
}

/** One connection in use. The columns' types vouch for the shape of a row. */
export class Sql {
  readonly #client: PgClient
  readonly #answerMs: number
  readonly #deadline: Deadline

  constructor(client: PgClient, { answerMs }: Pick<Limits, 'answerMs'>, deadline: Deadline) {
    this.#client = client
    this.#answerMs = answerMs
    this.#deadline = deadline
  }

  async one<Row>(statement: Statement, ...values: PgValue[]): Promise<Row | undefined> {
    const [row] = await this.all<Row>(statement, ...values)
    return row
  }

  async all<Row>(statement: Statement, ...values: PgValue[]): Promise<Row[]> {
    const { rows } = await this.#ask(statement, values)
    return rows as Row[]
  }

  /** How many rows it wrote. */
  async run(statement: Statement, ...values: PgValue[]): Promise<number> {
    const { rowCount } = await this.#ask(statement, values)
    return rowCount ?? 0
  }

  /** Several statements without values, in one round trip. Gives what the last of them gave. */
  async script(text: string, answerMs = this.#answerMs): Promise<PgResult> {
    return this.#send({ text, types: OWN_TYPES }, answerMs)
  }

  #ask({ name, text }: Statement, values: PgValue[]): Promise<PgResult> {
    for (const value of values) requireText(value)
    return this.#send({ name, text, values, types: OWN_TYPES }, this.#answerMs)
  }

  async #send(query: PgQuery, answerMs: number): Promise<PgResult> {
    const sending = this.#client.query(query)
    const results = await withinMs(this.#deadline.cap(answerMs), sending).catch((error: unknown) => {
      throw faultOf(error)
    })
    const last = isMany(results) ? results.at(-1) : results
    if (last === undefined) throw new DatabaseFault('other', new Error('The driver gave no result'))
    return last
  }
}

function isMany(results: PgResult | readonly PgResult[]): results is readonly PgResult[] {
  return Array.isArray(results)
}

const HALF_CHARACTER = /\p{Surrogate}/u

/** PostgreSQL cannot hold U+0000, and the driver would replace half characters and so turn one key into another. */
function requireText(value: PgValue): void {
  if (Array.isArray(value)) for (const one of value) requireText(one)
  if (typeof value !== 'string') return
  if (value.includes('\0') || HALF_CHARACTER.test(value)) {
    throw new RangeError('A text for the store holds U+0000 or half a character: refuse it where it comes in')
  }
}
