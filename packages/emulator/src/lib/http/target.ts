export interface Target {
  path: string
  query: URLSearchParams
}

/**
 * Path and query of a request line. Takes the absolute form too (`GET http://api.weixin.qq.com/sns/… HTTP/1.1`), so the
 * emulator can stand where an HTTP proxy would. Never throws: WeChat answers nonsense with an errcode, not with a 400.
 */
export function parseTarget(requestTarget: string): Target {
  const origin = /^https?:\/\/[^/?#]*/i.exec(requestTarget)?.[0] ?? ''
  const rest = requestTarget.slice(origin.length)
  const mark = rest.indexOf('?')
  const path = mark < 0 ? rest : rest.slice(0, mark)
  const query = new URLSearchParams(mark < 0 ? '' : rest.slice(mark + 1))
  return { path: path === '' ? '/' : path, query }
}
