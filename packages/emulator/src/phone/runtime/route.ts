import { folderOf } from '../../lib/miniprogram/paths.ts'
import { joinPath } from '../loader/modules.ts'

export interface Route {
  /** `pages/index/index` */
  path: string
  query: Record<string, string>
}

/** Values as they stand in the address: WeChat decodes none of them. */
export function parseQuery(text: string): Record<string, string> {
  const query: Record<string, string> = {}
  for (const pair of text.split('&').filter(Boolean)) {
    const [name = '', ...rest] = pair.split('=')
    query[name] = rest.join('=')
  }
  return query
}

/** The page that an address means, seen from the page at `from`. */
export function parseRoute(url: string, from: string): Route {
  const [address = '', query = ''] = url.split('#')[0]?.split('?') ?? []
  const path = joinPath(folderOf(from), address).replace(/\.html$/, '')
  return { path, query: parseQuery(query) }
}

export function writeRoute({ path, query }: Route): string {
  const text = Object.entries(query)
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
  return text === '' ? path : `${path}?${text}`
}
