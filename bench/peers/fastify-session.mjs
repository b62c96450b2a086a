// @fastify/session over connect-redis, as its page sets it up. PORT REDIS_PORT [once]
// "once": with `rolling: false`, where a session's time in Redis is not made longer by its use.
import process from 'node:process'
import cookie from '@fastify/cookie'
import session from '@fastify/session'
import { RedisStore } from 'connect-redis'
import createFastify from 'fastify'
import { createClient } from 'redis'
import { SECRET } from './who.mjs'

const [port, redisPort, mode] = process.argv.slice(2)
const client = createClient({ url: `redis://127.0.0.1:${redisPort}` })
await client.connect()

const app = createFastify()
app.register(cookie)
app.register(session, {
  store: new RedisStore({ client }),
  secret: SECRET,
  saveUninitialized: false,
  cookie: { secure: false },
  rolling: mode !== 'once',
})
app.get('/whoami', async (request, reply) => {
  const { user, login } = request.session
  if (user === undefined) return reply.code(401).send({ error: 'unauthorized' })
  return { user, session: login }
})
await app.listen({ port: Number(port), host: '127.0.0.1' })
process.once('SIGTERM', () => process.exit(0))
