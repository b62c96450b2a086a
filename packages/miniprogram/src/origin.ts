// No user, no backslash, no escape, no white space: where readers of addresses disagree, no token goes.
const ADDRESS = /^(http|ws)(s?):\/\/([a-z0-9.-]+|\[[0-9a-f:.]+\])(?::(\d{1,5}))?(?=[/?#]|$)/i

/**
 * `https://api.example.com:8443` of an address, in lower case and without a port that is the scheme's own; sockets
 * count as their http twins. Empty where the address is not plainly one: then it is nobody's.
 */
export function originOf(url: string): string {
  const found = ADDRESS.exec(url)
  if (!found || /[\s\\]/.test(url)) return ''
  const [, , secure = '', host = '', port] = found
  const own = secure ? 443 : 80
  return `http${secure}://${host}${!port || Number(port) === own ? '' : `:${Number(port)}`}`.toLowerCase()
}

/** A path goes behind the base; whatever begins with a scheme stands alone. */
export function addressOf(baseUrl: string, url: string): string {
  if (/^[a-z][a-z0-9+.-]*:/i.test(url)) return url
  return `${baseUrl}${/^[/?]/.test(url) ? '' : '/'}${url}`
}
