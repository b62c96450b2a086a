import type { AtRule, Node, Root, Rule } from 'postcss'

interface ThemeQuery {
  theme: string
  /** What else the query asks for. */
  rest: string
}

const SCHEME = /\(\s*prefers-color-scheme\s*:\s*(dark|light)\s*\)/i

/** `(prefers-color-scheme: dark) and …`; of several queries at once (`a, b`) none is taken. */
export function themeQuery({ params }: AtRule): ThemeQuery | undefined {
  const found = SCHEME.exec(params)
  if (!found || params.includes(',')) return undefined
  const others = params.replace(found[0], '').split(/\band\b/i)
  const kept = others
    .map((part) => part.trim())
    .filter((part) => part !== '' && !/^(?:only\s+)?(?:all|screen)$/i.test(part))
  return { theme: (found[1] ?? '').toLowerCase(), rest: kept.join(' and ') }
}

/** The side of dark mode that a rule is written for; null where it is for both. */
export function themeOf(rule: Rule): string | null {
  for (let above = rule.parent as Node | undefined; above; above = above.parent) {
    const query = above.type === 'atrule' ? themeQuery(above as AtRule) : undefined
    if (query) return query.theme
  }
  return null
}

/** Dark mode is the phone's, not this machine's: once the rules are held to a side, nothing asks the browser for it. */
export function dropThemeQueries(root: Root): void {
  root.walkAtRules(/^media$/i, (rule) => {
    const query = themeQuery(rule)
    if (query === undefined) return
    if (query.rest !== '') rule.params = query.rest
    else rule.replaceWith(rule.nodes ?? [])
  })
}
