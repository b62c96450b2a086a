/**
 * `https://api.example.com:8443` of an address, in lower case; sockets count as their http twins. Empty where the
 * address is not plainly one, with a user, a backslash or an escape in it: then it is nobody's, and no token goes.
 */
export function originOf(url: string): string {
  const found = /^(http|ws)(s?:\/\/[\w.-]+(:\d+)?)(?![^/?#])/i.exec(url)
  // 443 is where https goes anyway.
  return found ? `http${found[2]}`.toLowerCase().replace(/^(https.*):443$/, '$1') : ''
}
