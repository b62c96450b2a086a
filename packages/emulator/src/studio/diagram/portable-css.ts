/** `--ink: light-dark(#111, #eee)` by name. */
export type Palette = ReadonlyMap<string, { light: string; dark: string }>

const PAIR = /(--[\w-]+):\s*light-dark\(\s*([^,()]+(?:\([^()]*\))?)\s*,\s*([^,()]+(?:\([^()]*\))?)\s*\)/g

/** The two sides of every colour that a style sheet names. */
export function paletteOf(css: string): Palette {
  const pairs = [...css.matchAll(PAIR)].map(([, name = '', light = '', dark = '']) => {
    return [name, { light: light.trim(), dark: dark.trim() }] as const
  })
  return new Map(pairs)
}

function resolve(rule: string, palette: Palette, side: 'light' | 'dark'): string {
  return rule.replace(/var\((--[\w-]+)\)/g, (whole, name: string) => palette.get(name)?.[side] ?? whole)
}

/** Rules that need nothing else: colours written out, light by default and dark where the reader's screen is. */
export function portableCss(rules: readonly string[], palette: Palette): string {
  const light = rules.map((rule) => resolve(rule, palette, 'light'))
  const dark = rules.map((rule) => resolve(rule, palette, 'dark')).filter((rule, at) => rule !== light[at])
  return `${light.join('\n')}\n@media (prefers-color-scheme: dark) {\n${dark.join('\n')}\n}`
}
