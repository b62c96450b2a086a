import type { DoorHandler, HttpHandler } from '../deps.ts'

/** A handler of a test's own, to be listened with; it gets no body. */
export function webDoor(handler: HttpHandler): Pick<DoorHandler, 'ask'> {
  return {
    async ask({ method, target }, peer) {
      const request = new Request(`http://yaopai.test${target.pathname}${target.search}`, { method })
      const response = await handler(request, peer)
      const headers = Object.fromEntries(response.headers)
      return { status: response.status, headers, body: await response.text() }
    },
  }
}
