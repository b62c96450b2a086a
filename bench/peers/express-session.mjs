// express-session over connect-redis, as connect-redis' page sets it up. PORT REDIS_PORT
import process from 'node:process'
import { RedisStore } from 'connect-redis'
import express from 'express'
import session from 'express-session'
import { createClient } from 'redis'
import { SECRET } from './who.mjs'

const [port, redisPort] = process.argv.slice(2)
const client = createClient({ url: `redis://127.0.0.1:${redisPort}` })
await client.connect()

const app = express()
app.use(
  session({
    store: new RedisStore({ client }),
    // Its page asks for both: a light touch in place of a save, and no session before there is data.
    resave: false,
    saveUninitialized: false,
    secret: SECRET,
  }),
)
app.get('/whoami', (request, response) => {
  const { user, login } = request.session
  if (user === undefined) return response.status(401).json({ error: 'unauthorized' })
  response.json({ user, session: login })
})
app.listen(Number(port), '127.0.0.1')
process.once('SIGTERM', () => process.exit(0))
