/** The JSON object in a text from WeChat, without a prototype to be confused with; null for anything else. */
export function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
    return Object.assign(Object.create(null), value)
  } catch {
    return null
  }
}
