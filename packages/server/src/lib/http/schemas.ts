import * as z from 'zod'

/** Printable, so that no line of a log and no screen of an operator is broken by it. */
const PRINTABLE = /^[^\p{Cc}\u2028\u2029]*$/u

/** Text for people, counted in characters as JavaScript counts them. */
export function printable(minLength: number, maxLength: number) {
  return z
    .string()
    .min(minLength, `must have ${minLength} characters at least`)
    .max(maxLength, `may have ${maxLength} characters at most`)
    .regex(PRINTABLE, 'may hold no control characters')
}

export const appid = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be an appid such as wxa1b2c3d4e5f60718')

export const loginCode = z
  .string()
  .regex(/^[\x20-\x7e]{1,128}$/, 'must be the code of wx.login: 1 to 128 visible ASCII characters')

const DEVICE_CHARS = 64
const LABEL_CHARS = 128

const deviceText = printable(1, DEVICE_CHARS).nullable().optional()

export const loginBody = z.strictObject({
  code: loginCode,
  appid: appid.optional(),
  nonce: z
    .string()
    .regex(/^[A-Za-z0-9_-]{22,64}$/, 'must have 22 to 64 base64url characters')
    .optional(),
  device: z
    .strictObject({
      id: deviceText,
      brand: deviceText,
      model: deviceText,
      platform: deviceText,
      label: printable(1, LABEL_CHARS).nullable().optional(),
    })
    .optional(),
})

const NICKNAME_CHARS = 64

const USER_INFO_CHARS = 4096

/** Clients of the tutorial send a name, all of WeChat's userInfo, or what JavaScript makes of neither. */
export const classicQuery = z.strictObject({
  code: loginCode,
  userInfo: z.string().max(USER_INFO_CHARS, `may have ${USER_INFO_CHARS} characters at most`).optional(),
})

export const HTTPS_ONLY = 'must be an https:// address'

/** Pictures of a demo on this machine come over plain http; who takes them decides the route. */
const PICTURE_ADDRESS = /^(?:https:\/\/|http:\/\/(?:127\.0\.0\.1|localhost)(?::\d{1,5})?\/)[\x21-\x7e]+$/

const avatarUrl = z
  .string()
  .max(1024, 'may have 1024 characters at most')
  .regex(PICTURE_ADDRESS, `${HTTPS_ONLY} in ASCII`)
  .refine((text) => URL.canParse(text), HTTPS_ONLY)

export const profileBody = z
  .strictObject({
    nickname: printable(0, NICKNAME_CHARS).nullable().optional(),
    avatarUrl: avatarUrl.nullable().optional(),
  })
  .refine(
    (body) => body.nickname !== undefined || body.avatarUrl !== undefined,
    'name nickname or avatarUrl: there is nothing to change',
  )

const OPEN_DATA_CHARS = 8192

const isBase64 = (text: string) => Buffer.from(text, 'base64').toString('base64') === text

const base64 = (maxLength: number) =>
  z
    .string()
    .min(1, 'must not be empty')
    .max(maxLength, `may have ${maxLength} characters at most`)
    .refine(isBase64, 'must be base64, as WeChat gave it')

export const openDataBody = z.strictObject({
  encryptedData: base64(OPEN_DATA_CHARS).optional(),
  iv: base64(24).length(24, 'must be base64 of 16 bytes').optional(),
  rawData: z
    .string()
    .min(1, 'must not be empty')
    .max(OPEN_DATA_CHARS, `may have ${OPEN_DATA_CHARS} characters at most`)
    .optional(),
  signature: z
    .string()
    .regex(/^[0-9a-f]{40}$/, 'must have 40 hexadecimal digits')
    .optional(),
})

export const eventsQuery = z.strictObject({
  limit: z
    .string()
    .regex(/^(?:[1-9]|[1-9]\d|100)$/, 'must be a number from 1 to 100')
    .transform(Number)
    .optional(),
  before: z
    .string()
    .regex(/^evt_[0-9A-Za-z]{16}$/, 'must be the "next" of the page before')
    .optional(),
})

const MAX_TOKEN_CHARS = 4096

export const verifyBody = z.strictObject({
  token: z.string().max(MAX_TOKEN_CHARS, `may have ${MAX_TOKEN_CHARS} characters at most`).nullable(),
})

/** Parameters that are not known are passed over (RFC 6749, section 3.1). */
export const introspectBody = z.object({ token: z.string() })

export const accessTokenQuery = z.strictObject({
  refresh: z.enum(['ask', 'force'], 'must be ask or force').optional(),
})

const AUDIENCE_CHARS = 256

export const forwardAuthQuery = z.strictObject({
  optional: z.enum(['0', '1'], 'must be 0 or 1').optional(),
  audience: z.string().max(AUDIENCE_CHARS, `may have ${AUDIENCE_CHARS} characters at most`).optional(),
})
