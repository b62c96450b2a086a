import type { Language } from '../view.ts'

const unit = (value: number, digits: number, name: string) => `${value.toFixed(digits)} ${name}`

/** Real time as a person reads it: `9 ms`, `4.2 s`, `3 min`. */
export function formatMs(ms: number, language: Language): string {
  const zh = language === 'zh'
  if (ms < 1000) return unit(Math.round(ms), 0, zh ? '毫秒' : 'ms')
  if (ms < 60_000) return unit(ms / 1000, 1, zh ? '秒' : 's')
  if (ms < 3_600_000) return unit(ms / 60_000, 0, zh ? '分钟' : 'min')
  return unit(ms / 3_600_000, 1, zh ? '小时' : 'h')
}

const two = (value: number) => String(value).padStart(2, '0')

/** Time of day of an ISO moment, as the browser's place has it. */
export function formatClock(iso: string): string {
  const date = new Date(iso)
  return Number.isNaN(date.getTime())
    ? ''
    : `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`
}

/** Day and time of day. */
export function formatMoment(iso: string): string {
  const date = new Date(iso)
  if (Number.isNaN(date.getTime())) return ''
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${formatClock(iso)}`
}
