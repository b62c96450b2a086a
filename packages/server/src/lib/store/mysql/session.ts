import { withinMs } from '../../within.ts'
import type { Deadline } from '../sql/deadline.ts'
import type { Limits } from '../sql/limits.ts'
import type { MysqlConnection } from './driver.ts'
import { faultOf } from './faults.ts'
import type { Query } from './sql.ts'
import { readValue } from './values.ts'

/** What one statement gave. */
export class Answer {
  readonly #result: unknown

  constructor(result: unknown) {
    this.#result = result
  }

  /** The columns' types vouch for the shape of a row. */
  rows<Row>(): Row[] {
    return Array.isArray(this.#result) ? (this.#result as Row[]) : []
  }

  first<Row>(): Row | undefined {
    return this.rows<Row>()[0]
  }

  /**
   * How many rows it wrote; 2 where `ON DUPLICATE KEY UPDATE` altered one. Whether rows count that were found and not
   * altered is a setting of the connection: ask it only of statements that alter what they find.
   */
  get written(): number {
    const { affectedRows } = (this.#result ?? {}) as { readonly affectedRows?: number }
    return affectedRows ?? 0
  }
}

/** One connection in use. */
export class Session {
  readonly #connection: MysqlConnection
  readonly #answerMs: number
  readonly #deadline: Deadline

  constructor(connection: MysqlConnection, { answerMs }: Pick<Limits, 'answerMs'>, deadline: Deadline) {
    this.#connection = connection
    this.#answerMs = answerMs
    this.#deadline = deadline
  }

  async rows<Row>(query: Query): Promise<Row[]> {
    const [answer] = await this.ask([query])
    return answer?.rows<Row>() ?? []
  }

  async first<Row>(query: Query): Promise<Row | undefined> {
    const [row] = await this.rows<Row>(query)
    return row
  }

  /**
   * Statements in one round trip, and an answer to each. The server stops at the first that fails, and what those before
   * it did stays.
   * @throws DatabaseFault
   */
  async ask(queries: readonly Query[], answerMs = this.#answerMs): Promise<Answer[]> {
    const text = queries.map(({ text }) => text).join(';\n')
    const limitMs = this.#deadline.cap(answerMs)
    const results = await withinMs(limitMs, this.#send(text)).catch((error: unknown) => {
      throw faultOf(error)
    })
    if (queries.length === 1) return [new Answer(results)]
    return Array.isArray(results) ? results.map((result) => new Answer(result)) : []
  }

  #send(text: string): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#connection.query({ sql: text, typeCast: readValue }, (error, results) => {
        if (error === null || error === undefined) resolve(results)
        else reject(error)
      })
    })
  }
}
