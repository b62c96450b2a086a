export type SqlValue = null | boolean | number | string | Uint8Array

/** SQL that may be sent as it is. Only `sql` makes one. */
export class Query {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

/**
 * A statement, or a part of one. What is put into it is a value and never becomes SQL: numbers go as digits, all else
 * as hexadecimal digits, so that nothing in a value has a meaning, whatever the server's modes and character sets are.
 * A `Query` goes in as it is; a list as its values with commas between them.
 * @throws RangeError for a text with half a character: one key would turn into another
 */
export function sql(
  parts: TemplateStringsArray,
  ...values: readonly (SqlValue | Query | readonly SqlValue[])[]
): Query {
  let text = parts[0] ?? ''
  for (const [index, value] of values.entries()) text += literalOf(value) + (parts[index + 1] ?? '')
  return new Query(text)
}

/** Several with commas between them. */
export function joined(queries: readonly Query[]): Query {
  return new Query(queries.map(({ text }) => text).join(', '))
}

const HALF_CHARACTER = /\p{Surrogate}/u

function literalOf(value: SqlValue | Query | readonly SqlValue[]): string {
  if (value === null) return 'NULL'
  if (typeof value === 'boolean') return value ? '1' : '0'
  if (typeof value === 'number') return digitsOf(value)
  if (typeof value === 'string') return textOf(value)
  if (value instanceof Query) return value.text
  if (value instanceof Uint8Array) return hexOf(value)
  if (value.length === 0) throw new RangeError('SQL has no list without an element')
  return value.map(literalOf).join(', ')
}

function digitsOf(value: number): string {
  if (!Number.isSafeInteger(value)) throw new RangeError('A number for the store is not whole, or too large')
  return String(value)
}

function textOf(value: string): string {
  if (HALF_CHARACTER.test(value)) {
    throw new RangeError('A text for the store holds half a character: refuse it where it comes in')
  }
  return hexOf(Buffer.from(value, 'utf8'))
}

function hexOf({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return `X'${Buffer.from(buffer, byteOffset, byteLength).toString('hex')}'`
}
