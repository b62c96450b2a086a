/** Between two machines that talk, not between the ends (RFC 9110, 7.6.1), and what the sender has to say anew. */
const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'http2-settings',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

export type HeaderPair = readonly [name: string, value: string]

/** What goes on to the next machine; `Connection` may name more that does not. */
export function endToEnd(headers: readonly HeaderPair[]): HeaderPair[] {
  const named = headers
    .filter(([name]) => name.toLowerCase() === 'connection')
    .flatMap(([, value]) => value.split(','))
  const dropped = new Set([...HOP_BY_HOP, ...named.map((name) => name.trim().toLowerCase())])
  return headers.filter(([name]) => !dropped.has(name.toLowerCase()))
}

/** What a phone adds to what a mini program sends. */
const PHONE_HEADERS: readonly HeaderPair[] = [
  ['Accept', '*/*'],
  ['Accept-Encoding', 'gzip, deflate, br'],
  ['Accept-Language', 'zh-CN,zh-Hans;q=0.9'],
  [
    'User-Agent',
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 MicroMessenger/8.0.61(0x18003d28) NetType/WIFI Language/zh_CN',
  ],
]

export function headerValue(headers: readonly HeaderPair[], name: string): string | undefined {
  return headers.find(([one]) => one.toLowerCase() === name)?.[1]
}

/** A mini program's headers as they leave the phone. */
export function fromPhone(headers: readonly HeaderPair[]): HeaderPair[] {
  const own = endToEnd(headers)
  const added = PHONE_HEADERS.filter(([name]) => headerValue(own, name.toLowerCase()) === undefined)
  return [...added, ...own]
}
