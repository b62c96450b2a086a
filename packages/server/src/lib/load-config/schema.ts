import * as z from 'zod'
import { DEFAULT_POLICY } from '../session/lifetime.ts'
import { isNetwork, isTooWide } from './networks.ts'

const DAY_SECONDS = 86_400

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const
export const SCOPES = ['introspect', 'access-token', 'admin', 'identity:read'] as const

const whole = (min: number, max: number, what: string) => {
  const error = `must be ${what}, a whole number from ${min} to ${max}`
  return z.number({ error }).int({ error }).min(min, { error }).max(max, { error })
}

const matching = (pattern: RegExp, error: string) => z.string({ error }).regex(pattern, { error })

const host = z
  .string({ error: 'must be an address or a host name' })
  .regex(/^(?!.*\/)[A-Za-z0-9.:_-]{1,253}$/, { error: 'must be an address or a host name' })
const port = whole(0, 65_535, 'a port')

export const appidSchema = matching(/^wx[0-9a-f]{16}$/, 'must be wx and 16 hexadecimal digits').meta({
  description: 'The AppID of the mini program (开发管理 → 开发设置)',
  examples: ['wx0123456789abcdef'],
})

const trustedNetwork = z
  .string({ error: 'must be a list of addresses or networks' })
  .refine((text) => isNetwork(text), { error: 'must be a list of addresses or networks in CIDR form' })
  .refine((text) => !isTooWide(text), {
    error: 'must not trust so many addresses: at least /8 for IPv4, /16 for IPv6',
  })

const inVariable = z.strictObject({
  env: matching(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must name an environment variable').meta({
    description: 'The environment variable that holds the value',
    examples: ['SHOP_SECRET'],
  }),
})
const inFile = z.strictObject({
  file: z
    .string({ error: 'must be a path' })
    .min(1, { error: 'must be a path' })
    .meta({
      description: 'The file that holds the value, from the folder of this file',
      examples: ['shop.secret'],
    }),
})

/** Each setting that stands alone: what fits it, and how it is said to people and editors. */
export const scalarSchemas = {
  host: host.meta({ description: 'Public listener: what mini programs call', examples: ['127.0.0.1'] }),
  port: port.meta({ description: 'Port of the public listener; 0 takes a free one', examples: [8787] }),
  internalHost: host.meta({
    description: 'Internal listener: back ends, gateways, operators. Never exposed',
    examples: ['127.0.0.1'],
  }),
  internalPort: port.meta({
    description: 'Port of the internal listener; 0 takes a free one',
    examples: [8789],
  }),
  basePath: matching(
    /^\/$|^(\/[A-Za-z0-9._~-]+)+$/,
    'must be a path that begins with / and does not end with one',
  ).meta({ description: 'Prefix of the public routes', examples: ['/yaopai'] }),
  trustProxy: z
    .array(trustedNetwork, { error: 'must be a list of addresses or networks' })
    .max(100, { error: 'must have at most 100 entries' })
    .meta({
      description: 'Addresses and networks whose X-Forwarded-* headers count',
      examples: [['10.0.0.0/8']],
    }),
  databaseUrl: z
    .union([z.string().min(1), inVariable, inFile], {
      error:
        'must be a URL that begins with file:, postgres: or mysql:, or say where it is: {"env": "NAME"} or {"file": "path"}',
    })
    .meta({
      description:
        'Where everything is kept. A URL with a password is better named: {"env": …} or {"file": …}',
      examples: ['file:.yaopai/yaopai.db', { env: 'DATABASE_URL' }],
    }),
  wechatApiBase: z
    .string({ error: 'must be an https URL' })
    .meta({ description: "WeChat's API", examples: ['https://api.weixin.qq.com'] }),
  loginLimitPerIp: whole(1, 1_000_000, 'a limit').meta({
    description: 'Logins a minute from one address',
    examples: [600],
  }),
  exchangeLimitPerApp: whole(1, 100_000_000, 'a limit').meta({
    description: 'Codes a minute that are changed at WeChat for one app, by all nodes together',
    examples: [60_000],
  }),
  eventRetentionDays: whole(1, 3_650, 'a number of days').meta({
    description: 'How long the history is kept, in days',
    examples: [180],
  }),
  sessionCacheEntries: whole(0, 10_000_000, 'a number of sessions').meta({
    description:
      'How many sessions a node remembers, so that a request need not read the database; 0 for none. What ends elsewhere counts here within a second',
    examples: [100_000],
  }),
  logLevel: z
    .enum(LOG_LEVELS, { error: `must be one of ${LOG_LEVELS.join(', ')}` })
    .meta({ description: 'What is logged', examples: ['info'] }),
}

/** A secret never stands in the configuration file: it says where to find it. */
const secretRefSchema = z
  .union([inVariable, inFile], {
    error:
      'must say where the secret is, {"env": "NAME"} or {"file": "path"}, and must not be the secret itself',
  })
  .meta({ examples: [{ env: 'SHOP_SECRET' }] })

const policySchema = z
  .strictObject({
    maxSessions: whole(1, 1_000, 'a number of sessions')
      .default(DEFAULT_POLICY.maxSessions)
      .meta({ description: 'Sessions of one user in this app; the oldest give way', examples: [10] }),
    idleSeconds: whole(60, 365 * DAY_SECONDS, 'a time in seconds')
      .default(DEFAULT_POLICY.idleSeconds)
      .meta({ description: 'An unused session ends after this time', examples: [259_200] }),
    absoluteSeconds: whole(60, 365 * DAY_SECONDS, 'a time in seconds')
      .default(DEFAULT_POLICY.absoluteSeconds)
      .meta({ description: 'Every session ends after this time', examples: [2_592_000] }),
  })
  .meta({ description: 'How long sessions live', examples: [{ idleSeconds: 259_200 }] })

const nameSchema = (what: string) =>
  matching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, `must be ${what} of letters, digits, dot, dash or underscore`)

const flag = z.boolean({ error: 'must be true or false' })

const appSchema = z.strictObject({
  appid: appidSchema,
  secret: secretRefSchema,
  openPlatform: nameSchema('a name')
    .default('default')
    .meta({
      description: 'Apps with the same name here share unionids (微信开放平台)',
      examples: ['default'],
    }),
  classicLogin: flag
    .default(false)
    .meta({ description: "Serves GET /login, the classic tutorial's wire", examples: [false] }),
  frozen: flag
    .default(false)
    .meta({ description: 'Logs nobody in; tokens of this app open nothing', examples: [false] }),
  policy: policySchema.prefault({}),
})

export const scopesSchema = z
  .array(z.enum(SCOPES, { error: `must be one of ${SCOPES.join(', ')}` }), {
    error: 'must be a list of scopes',
  })
  .min(1, { error: 'must name at least one scope' })
  .meta({ examples: [['introspect']] })

const backendSchema = z.strictObject({
  name: nameSchema('a name').meta({ description: 'Shown in logs', examples: ['orders'] }),
  key: secretRefSchema,
  scopes: scopesSchema,
  audience: z
    .string({ error: 'must be a text' })
    .max(256, { error: 'must have at most 256 characters' })
    .nullable()
    .default(null)
    .meta({ description: 'Whom assertions are made for', examples: ['https://orders.example.com'] }),
})

/** `yaopai.config.json`. What is left out comes from the defaults; what is unknown is refused. */
export const configFileSchema = z
  .strictObject({
    $schema: z.string({ error: 'must be a text' }),
    ...scalarSchemas,
    redisUrl: secretRefSchema.meta({
      description:
        'One node, or nodes of a cluster apart by commas: what nodes share limits and leases through',
    }),
    masterKey: secretRefSchema.meta({
      description: 'kid:base64[,kid:base64…], 32 bytes each: the first seals, all open',
    }),
    apps: z
      .array(appSchema, { error: 'must be a list of apps' })
      .max(1_000, { error: 'must have at most 1000 apps' }),
    backends: z
      .array(backendSchema, { error: 'must be a list of back ends' })
      .max(1_000, { error: 'must have at most 1000 back ends' }),
  })
  .partial()

export type ConfigFile = z.output<typeof configFileSchema>
export type SecretRef = z.output<typeof secretRefSchema>
