import * as z from 'zod'
import { appid, printable } from './schemas.ts'

/** The most that one call may move the clock: ten years, which is what the emulator takes too. */
const MAX_ADVANCE_SECONDS = 315_360_000

export const advanceBody = z.strictObject({
  advanceSeconds: z
    .int('must be a whole number of seconds')
    .min(0, 'must not be negative: the clock only goes on')
    .max(MAX_ADVANCE_SECONDS, `may be ${MAX_ADVANCE_SECONDS} (ten years) at most`),
})

const openid = z.string().regex(/^[A-Za-z0-9_-]{1,128}$/, 'must be an openid')

/** Whom it is about, as WeChat names them. */
export const someone = z.strictObject({ appid, openid })

export const endBody = someone.extend({
  as: z.enum(['user', 'admin'], 'must be user or admin'),
  which: z.enum(['newest', 'all'], 'must be newest or all').optional(),
  deviceId: printable(1, 64).optional(),
})

const time = z.iso.datetime()
const text = z.string().nullable()

export const devClockShape = z.strictObject({ now: time, aheadSeconds: z.int() })

export const devListShape = devClockShape.extend({
  routes: z.array(
    z.strictObject({ method: z.string(), path: z.string(), does: z.string(), sample: z.string().optional() }),
  ),
})

export const devEndedShape = z.strictObject({
  ended: z.int(),
  reason: z.enum(['revoked_by_user', 'revoked_by_admin']),
  sessions: z.array(z.string()),
})

export const devBannedShape = z.strictObject({ userId: z.string(), banned: z.boolean() })

export const devSessionsShape = z.strictObject({
  user: z.strictObject({ id: z.string(), nickname: text, banned: z.boolean() }).nullable(),
  sessions: z.array(
    z.strictObject({
      id: z.string().regex(/^ses_/),
      /** `active`, or the code of the 401 or 403 that its token gets. */
      state: z.string(),
      createdAt: time,
      idleAt: time,
      expiresAt: time,
      endedAt: time.nullable(),
      device: z.strictObject({ id: text, brand: text, model: text, platform: text, label: text }),
    }),
  ),
})
