const ALLOWED: Readonly<Record<string, RegExp>> = {
  number: /[^0-9]/g,
  idcard: /[^0-9xX]/g,
  digit: /[^0-9.]/g,
}

/** What a phone's keyboard of this type lets in, cut to `maxlength` characters; -1 is no limit. */
export function admit(value: string, type: string, maxlength: number): string {
  const not = ALLOWED[type]
  const typed = not === undefined ? value : value.replace(not, '')
  return maxlength < 0 ? typed : typed.slice(0, maxlength)
}

/** What a `bindinput` handler returned to stand in the field instead: a string, or `{ value, cursor }`. */
export function replacementOf(result: unknown): { value: string; cursor?: number } | undefined {
  if (typeof result === 'string') return { value: result }
  if (typeof result !== 'object' || result === null || !('value' in result)) return undefined
  const cursor = 'cursor' in result && Number.isInteger(result.cursor) ? Number(result.cursor) : undefined
  const value = String(result.value ?? '')
  return cursor === undefined ? { value } : { value, cursor }
}

const MODES: Readonly<Record<string, string>> = { number: 'numeric', digit: 'decimal', idcard: 'text' }

/** The HTML `inputmode` that brings the nearest keyboard on a device that has one. */
export function inputModeOf(type: string): string {
  return MODES[type] ?? 'text'
}
