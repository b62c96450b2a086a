const UNITS: readonly (readonly [seconds: number, name: string])[] = [
  [86_400, 'd'],
  [3600, 'h'],
  [60, 'min'],
  [1, 's'],
]

/** `3 d 2 h`: the two largest units. */
export function durationText(seconds: number): string {
  let left = seconds
  const parts: string[] = []
  for (const [size, name] of UNITS) {
    const count = Math.floor(left / size)
    left -= count * size
    if (count > 0) parts.push(`${count} ${name}`)
  }
  return parts.slice(0, 2).join(' ') || `${seconds} s`
}

/** Changed settings, as a note tells them. */
export function settingsFacts(changed: object): Record<string, string | number> {
  const given = Object.entries(changed).filter(([, value]) => value !== undefined)
  return Object.fromEntries(
    given.map(([name, value]) => [name, typeof value === 'number' ? value : String(value)]),
  )
}

export function settingsLabel(changed: object): string {
  const words = Object.entries(settingsFacts(changed)).map(([name, value]) => `${name} ${value}`)
  return words.join(', ') || 'no setting changed'
}
