import express, { type Express } from 'express'
import { loadUser, requireUser, type Verifier } from 'yaopai/express'
import { avatarRoutes } from './avatar-routes.ts'
import { callerOf } from './caller.ts'
import { refuse, refuseBadBody } from './refusal.ts'
import { Visitors } from './visitors.ts'

const HOME = `A shop that knows who calls. Send your token as Authorization: Bearer <token>.

GET  /whoami         a greeting, how often you were here, your cart
GET  /cart           your cart
POST /cart           { "item": "tea" } puts something into it
POST /avatar         your picture, as multipart/form-data with one file "avatar"
GET  /avatars/{id}   a picture
`
const MAX_ITEM_CHARS = 80

export interface DemoOptions {
  /** Answers who calls, e.g. `createYaopaiClient({ internalUrl, apiKey })`. */
  readonly yaopai: Verifier
  /** Where clients reach this back end, such as `https://shop.example.com`: pictures are served from there. */
  readonly publicUrl: string
}

/** The demo back end: an Express app whose routes answer with business data for the user who calls. */
export function createDemo({ yaopai, publicUrl }: DemoOptions): Express {
  const visitors = new Visitors()
  const app = express()
  app.disable('x-powered-by')
  app.use(loadUser(yaopai))

  app.get('/', (_request, response) => {
    response.type('text/plain').send(HOME)
  })

  app.get('/whoami', requireUser(), (request, response) => {
    const { user, session } = callerOf(request)
    const isChinese = request.acceptsLanguages('en', 'zh') === 'zh'
    response.json({
      greeting: greetingOf(user.nickname, isChinese),
      user,
      session: { id: session.id },
      ...visitors.visit(user.id),
    })
  })

  app.get('/cart', requireUser(), (request, response) => {
    response.json({ cart: visitors.cart(callerOf(request).user.id) })
  })

  app.post('/cart', requireUser(), express.json({ limit: '4kb' }), (request, response) => {
    const item = itemIn(request.body)
    if (item === undefined) return refuse(response, 'invalid_request', 'item')
    const { user } = callerOf(request)
    if (!visitors.addToCart(user.id, item)) return refuse(response, 'conflict')
    response.status(201).json({ cart: visitors.cart(user.id) })
  })

  app.use(avatarRoutes(publicUrl))
  app.use((_request, response) => refuse(response, 'not_found'))
  app.use(refuseBadBody)
  return app
}

function greetingOf(nickname: string | null, isChinese: boolean): string {
  if (isChinese) return nickname === null ? '你好' : `你好，${nickname}`
  return `Hello, ${nickname ?? 'you'}`
}

function itemIn(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null || !('item' in body)) return undefined
  const { item } = body
  if (typeof item !== 'string') return undefined
  const text = item.trim()
  return text.length >= 1 && text.length <= MAX_ITEM_CHARS ? text : undefined
}
