import { existsSync, readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { fileURLToPath } from 'node:url'
import { refuseStranger } from '../control/guard.ts'
import { type Reply, send } from '../http/send.ts'
import { addressOf } from '../wechat/serve.ts'

/** What `npm run build` makes of src/studio and src/phone. */
const BROWSER = fileURLToPath(new URL('../../../browser/', import.meta.url))

const TYPES: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  map: 'application/json; charset=utf-8',
  txt: 'text/plain; charset=utf-8',
}

/** Scripts and styles of this origin alone; nothing is evaluated. Mini programs set styles on elements. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob: http: https:",
  "media-src 'self' data: blob: http: https:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "frame-src 'self'",
  "frame-ancestors 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ')

function page(title: string, folder: string, style: string): Reply {
  const html = `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/_emulator/assets/${folder}/${style}.css">
<script defer src="/_emulator/assets/${folder}/main.js"></script>
</head>
<body></body>
</html>
`
  const headers = { 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': POLICY }
  return { status: 200, headers, body: Buffer.from(html) }
}

const NOT_BUILT = 'The pages are not built: npm run build in the repository, or install the package again.\n'

function asset(path: string): Reply {
  const file = /^\/_emulator\/assets\/((?:studio|phone)\/[\w.-]+\.(js|css|map|txt))$/.exec(path)
  const [, name = '', extension = ''] = file ?? []
  const isThere = file !== null && existsSync(`${BROWSER}${name}`)
  const headers = { 'Content-Type': isThere ? (TYPES[extension] ?? '') : 'text/plain; charset=utf-8' }
  if (!isThere) return { status: 404, headers, body: Buffer.from(NOT_BUILT) }
  return { status: 200, headers, body: readFileSync(`${BROWSER}${name}`) }
}

/** For who asks without a browser. */
function welcome(): Reply {
  const text =
    'WeChat emulator. Served: GET /sns/jscode2session. Control: GET /_emulator lists the routes. Open this address in a browser to see it.\n'
  return { status: 200, headers: { 'Content-Type': 'text/plain; charset=utf-8' }, body: Buffer.from(text) }
}

function replyTo(path: string, accept: string): Reply | undefined {
  if (path === '/')
    return accept.includes('text/html') ? page('Yaopai: WeChat emulator', 'studio', 'studio') : welcome()
  if (path === '/_emulator/phone/frame') return page('Phone', 'phone', 'phone')
  return path.startsWith('/_emulator/assets/') ? asset(path) : undefined
}

/**
 * Answers `GET /`, the phone's frame and what both load; false where the path is none of them. For this machine alone, as
 * all of the control interface.
 */
export function servePages(req: IncomingMessage, res: ServerResponse, path: string, date: Date): boolean {
  const { accept = '', host, origin } = req.headers
  const reply = req.method === 'GET' || req.method === 'HEAD' ? replyTo(path, accept) : undefined
  if (reply === undefined) return false
  const refusal = refuseStranger({ address: addressOf(req), host, origin })
  const headers = { 'Cache-Control': 'no-cache', 'X-Content-Type-Options': 'nosniff', ...reply.headers }
  if (refusal === undefined) send(res, { ...reply, headers }, date)
  else {
    const plain = { 'Content-Type': 'text/plain; charset=utf-8' }
    const body = Buffer.from(`${refusal.message}; ${refusal.cure}\n`)
    send(res, { status: refusal.status, headers: plain, body }, date)
  }
  return true
}
