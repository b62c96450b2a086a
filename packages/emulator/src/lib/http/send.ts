import type { ServerResponse } from 'node:http'

export interface Reply {
  status: number
  headers: Record<string, string>
  body: Buffer
}

/** Sends exactly these headers; Date is the virtual clock's. */
export function send(res: ServerResponse, reply: Reply, date: Date): void {
  if (res.headersSent || res.destroyed) return
  res.sendDate = false
  res.writeHead(reply.status, {
    ...reply.headers,
    Date: date.toUTCString(),
    'Content-Length': reply.body.length,
  })
  res.end(reply.body)
}

/** Announces the whole body, sends the head of it and cuts the connection. */
export function sendCut(res: ServerResponse, reply: Reply, date: Date, bytes: number): void {
  if (res.headersSent || res.destroyed) return
  res.sendDate = false
  const length = Math.max(reply.body.length, bytes + 1)
  res.writeHead(reply.status, { ...reply.headers, Date: date.toUTCString(), 'Content-Length': length })
  res.write(reply.body.subarray(0, bytes), () => res.destroy())
}
