const LENGTH = /(^|[^\w.#-])([+-]?(?:\d+\.?\d*|\.\d+))(rpx|[sdl]?vh)\b/gi
const INSET = /env\(\s*(safe-area-inset-(?:top|right|bottom|left))/gi

function inPhone(_: string, before: string, amount: string, unit: string): string {
  if (unit.toLowerCase() !== 'rpx') return `${before}${amount}cqh`
  return `${before}${Number((Number(amount) / 7.5).toFixed(5))}vw`
}

/**
 * Lengths of a declaration, or of a whole `style` attribute, as the phone's window knows them: 750rpx are the window's
 * width; `vh` is measured at the page's own view, which is lower than the window by the bars; and the phone says how much
 * of it its rounded edges take, not the machine.
 */
export function phoneLengths(value: string): string {
  if (!/rpx|vh|safe-area/i.test(value)) return value
  // What stands in url(…) is a name, whatever it looks like.
  const parts = value.split(/(url\([^)]*\))/i)
  const rewritten = parts.map((part, index) =>
    index % 2 === 1 ? part : part.replace(LENGTH, inPhone).replace(INSET, 'var(--$1'),
  )
  return rewritten.join('')
}
