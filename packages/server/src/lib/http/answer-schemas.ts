import * as z from 'zod'

const time = z.iso.datetime()
const text = z.string().nullable()

/** The shapes of answers, as `protocol.ts` has them as types: for the docs, and for tests that hold the two together. */
const deviceShape = z.strictObject({ id: text, brand: text, model: text, platform: text, label: text })

const sessionShape = z.strictObject({
  id: z.string().regex(/^ses_/),
  appid: z.string(),
  createdAt: time,
  expiresAt: time,
  idleSeconds: z.int(),
  device: deviceShape,
})

export const userShape = z.strictObject({
  id: z.string().regex(/^usr_/),
  nickname: text,
  avatarUrl: text,
  phone: text,
  createdAt: time,
})

/** What a client keeps, from a login or a renewal. */
export const renewShape = z.strictObject({
  token: z.string().regex(/^yp1_[A-Za-z0-9_-]{52}[0-9A-Za-z]{6}$/),
  expiresAt: time,
  idleSeconds: z.int(),
  renewAfter: time,
})

export const loginShape = renewShape.extend({
  session: sessionShape,
  user: userShape,
  isNew: z.boolean(),
})

export const callerShape = z.strictObject({ session: sessionShape, user: userShape })

export const classicShape = z.strictObject({ user_uuid: z.string() })

const ownSessionShape = sessionShape.extend({ isCurrent: z.boolean() })

export const ownSessionsShape = z.strictObject({ sessions: z.array(ownSessionShape) })

export const endedShape = z.strictObject({ ended: z.int() })

const eventShape = z.strictObject({
  id: z.string().regex(/^evt_/),
  at: time,
  type: z.string(),
  appid: text,
  sessionId: text,
  ip: text,
  reason: text,
})

export const eventPageShape = z.strictObject({ events: z.array(eventShape), next: text })

export const exportShape = z.strictObject({
  user: userShape.extend({ phone: text }),
  identities: z.array(z.strictObject({ platform: z.string(), appid: z.string(), createdAt: time })),
  sessions: z.array(sessionShape),
  events: z.array(eventShape),
  hasMoreEvents: z.boolean(),
})

export const openDataShape = z.strictObject({
  userInfo: z.strictObject({
    nickName: z.string(),
    avatarUrl: z.string(),
    gender: z.number(),
    language: z.string(),
    city: z.string(),
    province: z.string(),
    country: z.string(),
  }),
  integrity: z.enum(['signature', 'none']),
})

export const problemShape = z.strictObject({
  type: z.string().regex(/^\/problems\/[a-z_]+$/),
  title: z.string(),
  status: z.int(),
  code: z.string(),
  class: z.enum(['relogin', 'signed_out', 'denied', 'retry', 'input', 'config']),
  detail: z.string().optional(),
  field: z.string().optional(),
  retryAfterSeconds: z.int().positive().optional(),
  requestId: z.string(),
})

export const verifyShape = z.discriminatedUnion('ok', [
  z.strictObject({ ok: z.literal(true), user: userShape, session: sessionShape }),
  z.strictObject({ ok: z.literal(false), problem: problemShape, wwwAuthenticate: z.string() }),
])

export const introspectShape = z.discriminatedUnion('active', [
  z.strictObject({
    active: z.literal(true),
    sub: z.string(),
    client_id: z.string(),
    sid: z.string(),
    token_type: z.literal('Bearer'),
    iat: z.int(),
    exp: z.int(),
    auth_time: z.int(),
    openid: z.string(),
    unionid: z.string().optional(),
  }),
  z.strictObject({ active: z.literal(false) }),
])

export const jwksShape = z.strictObject({
  keys: z.array(
    z.strictObject({
      kty: z.literal('EC'),
      crv: z.literal('P-256'),
      x: z.string(),
      y: z.string(),
      kid: z.string(),
      alg: z.literal('ES256'),
      use: z.literal('sig'),
    }),
  ),
})

export const accessTokenShape = z.strictObject({
  accessToken: z.string(),
  expiresInSeconds: z.int().positive(),
})

export const statusShape = z.strictObject({ status: z.string() })
