import type { Route } from './route.ts'

export type Match =
  | { readonly kind: 'found'; readonly route: Route; readonly params: Readonly<Record<string, string>> }
  | { readonly kind: 'other_method'; readonly allow: string }
  | { readonly kind: 'nothing' }

export type Router = (method: string, path: string) => Match

interface Pattern {
  readonly route: Route
  readonly segments: readonly string[]
}

/** @param prefix of every path, without a slash at its end; empty for none */
export function createRouter(routes: readonly Route[], prefix: string): Router {
  const patterns = routes.map((route) => ({ route, segments: segmentsOf(prefix + route.path) }))
  const byLength = new Map<number, Pattern[]>()
  for (const pattern of patterns) {
    const alike = byLength.get(pattern.segments.length) ?? []
    byLength.set(pattern.segments.length, [...alike, pattern])
  }
  return (method, path) => {
    const segments = segmentsOf(path)
    const here = (byLength.get(segments.length) ?? []).filter((pattern) => fits(pattern, segments))
    const found = here.find(({ route }) => route.method === '*' || methodsOf(route).includes(method))
    if (found) return { kind: 'found', route: found.route, params: paramsOf(found, segments) }
    const allow = [...new Set(here.flatMap(({ route }) => methodsOf(route)))].sort().join(', ')
    return here.length === 0 ? { kind: 'nothing' } : { kind: 'other_method', allow }
  }
}

export function methodsOf(route: Route): string[] {
  return route.hasHead ? [route.method, 'HEAD'] : [route.method]
}

function segmentsOf(path: string): string[] {
  return path.split('/').slice(1)
}

/** Letter for letter; in the place of a `{name}` stands anything but nothing. */
function fits({ segments: pattern }: Pattern, segments: readonly string[]): boolean {
  return pattern.every((part, index) => (isName(part) ? segments[index] !== '' : part === segments[index]))
}

function paramsOf({ segments: pattern }: Pattern, segments: readonly string[]): Record<string, string> {
  const params: Record<string, string> = {}
  for (const [index, part] of pattern.entries()) {
    if (isName(part)) params[part.slice(1, -1)] = segments[index] ?? ''
  }
  return params
}

function isName(part: string): boolean {
  return part.startsWith('{')
}
