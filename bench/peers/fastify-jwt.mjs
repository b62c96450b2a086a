// @fastify/jwt, which trusts what a token says until it runs out. PORT HS256|ES256 TOKENS_FILE (written here)
import { generateKeyPairSync } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import process from 'node:process'
import jwt from '@fastify/jwt'
import createFastify from 'fastify'
import { SECRET, sessionData } from './who.mjs'

const TOKENS = 10_000
const [port, algorithm, tokensFile] = process.argv.slice(2)

const app = createFastify()
await app.register(jwt, { secret: secretOf(), sign: { algorithm, expiresIn: '30d' } })
app.get('/whoami', async (request) => {
  await request.jwtVerify()
  const { user, session } = request.user
  return { user, session }
})
const tokens = Array.from({ length: TOKENS }, (_, number) => app.jwt.sign(sessionData(number)))
writeFileSync(tokensFile, `${tokens.join('\n')}\n`)
await app.listen({ port: Number(port), host: '127.0.0.1' })
process.once('SIGTERM', () => process.exit(0))

function secretOf() {
  if (algorithm === 'HS256') return SECRET
  const { privateKey, publicKey } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  })
  return { private: privateKey, public: publicKey }
}
