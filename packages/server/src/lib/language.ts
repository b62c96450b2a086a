import type { Language } from './problem.ts'

const RANGE = /^([a-z]{1,8})(?:-[a-z0-9]{1,8})*(?:;q=([01](?:\.\d{1,3})?))?$/

/** Chinese where it is asked for before English (RFC 9110, section 12.5.4), else English. */
export function preferredLanguage(acceptLanguage: string | null): Language {
  if (acceptLanguage === null) return 'en'
  const ranges = acceptLanguage.toLowerCase().replaceAll(' ', '').split(',', 16)
  const weightOf = (language: Language) => {
    const weights = ranges.map((range) => RANGE.exec(range)).filter((match) => match?.[1] === language)
    return Math.max(0, ...weights.map((match) => Number(match?.[2] ?? 1)))
  }
  const [en, zh] = [weightOf('en'), weightOf('zh')]
  if (zh !== en) return zh > en ? 'zh' : 'en'
  return zh > 0 && firstOf(ranges) === 'zh' ? 'zh' : 'en'
}

function firstOf(ranges: readonly string[]): string | undefined {
  return ranges.find((range) => range.startsWith('zh') || range.startsWith('en'))?.slice(0, 2)
}
