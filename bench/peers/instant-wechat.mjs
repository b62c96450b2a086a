// WeChat at 0 ms: says of every code whose it is, from a pool of users. PORT
import { createServer } from 'node:http'
import process from 'node:process'

const USERS = 100_000

createServer((request, response) => {
  const code = new URL(request.url, 'http://wechat').searchParams.get('js_code') ?? ''
  const user = String(Number(code.slice(2)) % USERS).padStart(27, '0')
  const key = Buffer.from(user.slice(-16)).toString('base64')
  response
    .writeHead(200, { 'Content-Type': 'text/plain' })
    .end(`{"session_key":"${key}","openid":"o${user}"}`)
}).listen(Number(process.argv[2]), '127.0.0.1')
process.once('SIGTERM', () => process.exit(0))
