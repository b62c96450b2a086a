import type * as z from 'zod'

type Fit<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly field: string; readonly detail: string }

/** Whole input that is of the wrong kind has no field of its own. */
const WHOLE = 'body'
const PLAIN_NAME = /^[A-Za-z0-9_.[\]-]{1,64}$/

/** Judges parsed input by its schema; of several misfits the first is told, by its dotted name. */
export function fit<T>(schema: z.ZodType<T>, input: unknown): Fit<T> {
  const result = schema.safeParse(input)
  if (result.success) return { ok: true, value: result.data }
  const issue = result.error.issues[0]
  const path = issue?.path ?? []
  if (issue?.code === 'unrecognized_keys') {
    const field = nameOf([...path, issue.keys[0] ?? ''])
    return { ok: false, field, detail: `${field} is not known here: leave it out` }
  }
  const field = nameOf(path)
  if (path.length > 0 && valueAt(input, path) === undefined) {
    return { ok: false, field, detail: `${field} is missing` }
  }
  return { ok: false, field, detail: `${field}: ${issue?.message ?? 'does not fit'}` }
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined
    value = Reflect.get(value, key)
  }
  return value
}

/** Names come from outside: one that is not plain is not repeated. */
export function nameOf(path: readonly PropertyKey[]): string {
  const name = path.map(String).join('.')
  return PLAIN_NAME.test(name) ? name : WHOLE
}
