/** Something said in both languages. */
export interface Text {
  en: string
  zh: string
}

/** `fill('{n} new', { n: 3 })` is `3 new`. */
export function fill(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole))
}
