import type { Route } from './route.ts'

export type Match =
  | { readonly kind: 'found'; readonly route: Route; readonly params: Readonly<Record<string, string>> }
  | { readonly kind: 'other_method'; readonly allow: string }
  | { readonly kind: 'nothing' }

export type Router = (method: string, path: string) => Match

/** @param prefix of every path, without a slash at its end; empty for none */
export function createRouter(routes: readonly Route[], prefix: string): Router {
  const patterns = routes.map((route) => ({ route, segments: segmentsOf(prefix + route.path) }))
  return (method, path) => {
    const segments = segmentsOf(path)
    const here = patterns.flatMap(({ route, segments: pattern }) => {
      const params = paramsOf(pattern, segments)
      return params === null ? [] : [{ route, params }]
    })
    const found = here.find(({ route }) => takes(route, method))
    if (found) return { kind: 'found', ...found }
    const allow = [...new Set(here.flatMap(({ route }) => methodsOf(route)))].sort().join(', ')
    return here.length === 0 ? { kind: 'nothing' } : { kind: 'other_method', allow }
  }
}

function takes(route: Route, method: string): boolean {
  return route.method === '*' || methodsOf(route).includes(method)
}

export function methodsOf(route: Route): string[] {
  return route.hasHead ? [route.method, 'HEAD'] : [route.method]
}

function segmentsOf(path: string): string[] {
  return path.split('/').slice(1)
}

/** What stands in the place of each `{name}`; null where the path is another one. An empty segment names nothing. */
function paramsOf(pattern: readonly string[], segments: readonly string[]): Record<string, string> | null {
  if (pattern.length !== segments.length) return null
  const params: Record<string, string> = {}
  for (const [index, part] of pattern.entries()) {
    const segment = segments[index] ?? ''
    const name = part.startsWith('{') ? part.slice(1, -1) : null
    if (name === null && part !== segment) return null
    if (name !== null && segment === '') return null
    if (name !== null) params[name] = segment
  }
  return params
}
