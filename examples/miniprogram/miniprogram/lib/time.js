const { fill } = require('./i18n')

const MINUTE_MS = 60 * 1000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

const two = (number) => (number < 10 ? `0${number}` : String(number))

/** `2026-11-27`, in the phone's time zone. */
function dayOf(iso) {
  const date = new Date(iso)
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}

/** `2026-11-27 20:04`, in the phone's time zone. */
function momentOf(iso) {
  const date = new Date(iso)
  return `${dayOf(iso)} ${two(date.getHours())}:${two(date.getMinutes())}`
}

/** `5 分钟前`. A clock that is behind the server's sees nothing of the future. */
function agoOf(iso, nowMs, words) {
  const passedMs = Math.max(0, nowMs - new Date(iso).getTime())
  if (passedMs < MINUTE_MS) return words.now
  if (passedMs < HOUR_MS) return fill(words.minutes, { n: Math.floor(passedMs / MINUTE_MS) })
  if (passedMs < DAY_MS) return fill(words.hours, { n: Math.floor(passedMs / HOUR_MS) })
  const days = daysBetween(new Date(iso), new Date(nowMs))
  return days === 1 ? words.yesterday : fill(words.days, { n: days })
}

/** By the calendar: half past eleven is yesterday at half past midnight. */
function daysBetween(earlier, later) {
  const midnightOf = (date) => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime()
  return Math.round((midnightOf(later) - midnightOf(earlier)) / DAY_MS)
}

module.exports = { dayOf, momentOf, agoOf }
