import { z } from 'zod'
import { EmulatorError } from '../machine.ts'

const WITHOUT_CONTROLS = /^\P{Cc}*$/u
const line = (longest: number) => z.string().max(longest).regex(WITHOUT_CONTROLS, 'no control characters')

// A record cannot hold an entry of this name: it would set the record's prototype instead.
const isNoPrototype = (name: string) => name !== '__proto__'

export const appidSchema = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}$/, '1 to 64 of A-Z a-z 0-9 _ -')
  .refine(isNoPrototype, 'not this name')
export const userIdSchema = line(128).min(1).refine(isNoPrototype, 'not this name')

export const appSchema = z.strictObject({
  secret: line(256).min(1),
  openPlatform: line(128).min(1).optional(),
  ipAllowList: z.array(line(64).min(1)).max(1000).optional(),
  frozen: z.boolean().optional(),
})

export const userSchema = z.strictObject({
  nickname: line(256).optional(),
  phone: z
    .string()
    .regex(/^\d{5,15}$/, '5 to 15 digits')
    .optional(),
  avatarUrl: line(2048).optional(),
  risk: z.boolean().optional(),
})

export const pairSchema = z.strictObject({ appid: appidSchema, user: userIdSchema })

export const onDeviceSchema = pairSchema.extend({ device: line(128).min(1).optional() })

/** What `openData` can make. */
export const OPEN_DATA_KINDS = ['userInfo', 'userProfile', 'phone', 'weRun', 'groupShare'] as const

export const openDataSchema = pairSchema.extend({
  kind: z.enum(OPEN_DATA_KINDS).optional(),
  openId: z.string().max(256).nullable().optional(),
  unionId: z.string().max(256).nullable().optional(),
  watermark: z
    .strictObject({ appid: z.string().max(256).optional(), timestamp: z.number().optional() })
    .nullable()
    .optional(),
  fields: z.record(z.string().max(64), z.json()).optional(),
  plaintext: z.string().max(65_536).optional(),
  sessionKey: z.string().max(256).optional(),
  iv: z.string().max(256).optional(),
})

export const advanceSchema = z.number().min(0).max(315_360_000)

export const clockSchema = z.strictObject({ advanceSeconds: advanceSchema })

const headerName = z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}$/, 'a header name')
const headerValue = z.string().regex(/^[\t\u0020-\u007e\u0080-\u00ff]{0,4096}$/, 'a header value')

export const faultSchema = z.strictObject({
  path: z.string().regex(/^(?:\*|\/[\u0021-\u007e]{0,255})$/, 'a path such as /sns/jscode2session, or *'),
  times: z.int().min(1).max(1_000_000).optional(),
  errcode: z.int().min(-1_000_000).max(10_000_000).optional(),
  errmsg: z.string().max(4096).optional(),
  status: z.int().min(200).max(599).optional(),
  delayMs: z.number().min(0).max(600_000).optional(),
  reset: z.boolean().optional(),
  body: z.string().max(16_777_216).optional(),
  bodyBase64: z.base64().max(22_369_624).optional(),
  contentType: headerValue.optional(),
  headers: z.record(headerName, headerValue).optional(),
  cutAfterBytes: z.int().min(0).max(16_777_216).optional(),
  when: z.enum(['before', 'after']).optional(),
})

/** Names the field and says what is wrong with it, on one line. */
function explain(error: z.ZodError): { field: string; reason: string } {
  const issue = error.issues[0]
  if (!issue) return { field: '(input)', reason: 'does not fit' }
  const unknownKey = issue.code === 'unrecognized_keys' ? issue.keys[0] : undefined
  const field = [...issue.path, ...(unknownKey === undefined ? [] : [unknownKey])].join('.')
  const reason = unknownKey === undefined ? issue.message : 'is not a field of this input'
  return { field: field === '' ? '(input)' : field, reason }
}

/** Input that does not fit. `field` names the part. */
export class InputError extends EmulatorError {
  readonly field: string

  constructor(field: string, reason: string, cure: string) {
    super('invalid_input', `${field}: ${reason}`, cure)
    this.name = 'InputError'
    this.field = field
  }
}

/**
 * The checked value.
 *
 * @throws {InputError} naming the first field that does not fit
 */
export function parse<T>(schema: z.ZodType<T>, input: unknown, sample: string): T {
  const result = schema.safeParse(input)
  if (result.success) return result.data
  const { field, reason } = explain(result.error)
  throw new InputError(field, reason, `expected is something like ${sample}`)
}
