// WeChat that says of every code whose it is, from a pool of users, at once or after a while. PORT DELAY_MS
import { createServer } from 'node:http'
import process from 'node:process'

const USERS = 100_000
const CODE_DIGITS = 12
const delayMs = Number(process.argv[3] ?? 0)

createServer((request, response) => {
  const code = new URL(request.url, 'http://wechat').searchParams.get('js_code') ?? ''
  // The run that a code begins with would make it a number too large to be exact: all codes would be of one user.
  const user = String(Number(code.slice(-CODE_DIGITS)) % USERS).padStart(27, '0')
  const key = Buffer.from(user.slice(-16)).toString('base64')
  const answer = () =>
    response
      .writeHead(200, { 'Content-Type': 'text/plain' })
      .end(`{"session_key":"${key}","openid":"o${user}"}`)
  if (delayMs === 0) answer()
  else setTimeout(answer, delayMs)
}).listen(Number(process.argv[2]), '127.0.0.1')
process.once('SIGTERM', () => process.exit(0))
