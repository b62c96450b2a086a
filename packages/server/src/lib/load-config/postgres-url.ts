import { Secret } from '../secret.ts'
import { didYouMean } from './did-you-mean.ts'

export interface PostgresHost {
  /** A name, an address, or the folder of a Unix socket. */
  readonly host: string
  readonly port: number
}

export const SSL_MODES = ['disable', 'prefer', 'require', 'verify-ca', 'verify-full'] as const
export type SslMode = (typeof SSL_MODES)[number]

/** What a `postgres://` URL says. What is null comes from where PostgreSQL's own programs look for it. */
export interface PostgresTarget {
  readonly hosts: readonly PostgresHost[]
  readonly user: string | null
  readonly password: Secret | null
  readonly database: string | null
  readonly sslMode: SslMode
  /** A file of certificates, or `system`; null: those that Node.js trusts. */
  readonly sslRootCert: string | null
  readonly sslCert: string | null
  readonly sslKey: string | null
  readonly applicationName: string
  readonly connectTimeoutSeconds: number
  readonly keepAliveIdleSeconds: number
  readonly poolSize: number
}

/** A part of the URL that does not fit. Names the part, never what stands there. */
export interface UrlProblem {
  readonly problem: string
  readonly cure: string
}

export type ParsedPostgresUrl =
  | { readonly ok: true; readonly target: PostgresTarget }
  | { readonly ok: false; readonly problems: readonly UrlProblem[] }

const FORM = /^[a-z]+:\/\/([^/?#]*)(?:\/([^?#/]*))?(?:\?([^#]*))?$/i
const EXAMPLE = 'postgres://user@db.example/yaopai?sslmode=verify-full'
const CURE = `Write it as ${EXAMPLE}; in a password, / @ : # and ? stand as %2F %40 %3A %23 and %3F`
const DEFAULT_PORT = 5432

/** As libpq reads it, so that the URL of another program works here: several hosts, sockets, its parameters. */
export function parsePostgresUrl(url: string): ParsedPostgresUrl {
  const parts = FORM.exec(url)
  if (parts === null) return misfit('is no URL of a database', CURE)
  const [, authority = '', database = '', query = ''] = parts
  try {
    return assemble({ authority, database: decodeURIComponent(database), parameters: parametersOf(query) })
  } catch {
    return misfit('has a % that stands for no character', 'Write a % of a name or password as %25')
  }
}

interface Parts {
  readonly authority: string
  readonly database: string
  readonly parameters: ReadonlyMap<string, string>
}

function assemble({ authority, database, parameters }: Parts): ParsedPostgresUrl {
  const at = authority.lastIndexOf('@')
  const [, user = '', password] = /^([^:]*)(?::(.*))?$/s.exec(authority.slice(0, Math.max(at, 0))) ?? []
  const hosts = hostsOf(parameters.get('host') ?? authority.slice(at + 1), parameters.get('port'))
  const problems = [...(hosts === null ? [NO_HOST] : []), ...judgeParameters(parameters)]
  if (hosts === null || problems.length > 0) return { ok: false, problems }
  const number = (name: string, fallback: number) => Number(parameters.get(name) ?? fallback)
  const target: PostgresTarget = {
    hosts,
    user: decodeURIComponent(user) || null,
    password: password === undefined || password === '' ? null : new Secret(decodeURIComponent(password)),
    database: database || null,
    sslMode: sslModeOf(parameters),
    sslRootCert: parameters.get('sslrootcert') ?? null,
    sslCert: parameters.get('sslcert') ?? null,
    sslKey: parameters.get('sslkey') ?? null,
    applicationName: parameters.get('application_name') ?? 'yaopai',
    connectTimeoutSeconds: number('connect_timeout', 3),
    keepAliveIdleSeconds: number('keepalives_idle', 30),
    poolSize: number('pool_size', 10),
  }
  return { ok: true, target }
}

const NO_HOST: UrlProblem = {
  problem: 'names a host or a port that cannot be one',
  cure: CURE,
}

function misfit(problem: string, cure: string): ParsedPostgresUrl {
  return { ok: false, problems: [{ problem, cure }] }
}

/** Later ones of the same name count, as in libpq. */
function parametersOf(query: string): Map<string, string> {
  const pairs = query.split('&').filter((pair) => pair !== '')
  return new Map(
    pairs.map((pair) => {
      const [, name = '', value = ''] = /^([^=]*)=?(.*)$/s.exec(pair) ?? []
      return [decodeURIComponent(name), decodeURIComponent(value)]
    }),
  )
}

/** With one port for all, or one for each. */
function hostsOf(text: string, portText: string | undefined): PostgresHost[] | null {
  const ports = portText?.split(',')
  const names = text.split(',')
  const hosts = names.map((name, at) => hostOf(name, ports?.[ports.length === 1 ? 0 : at]))
  return hosts.every((host) => host !== null) ? hosts : null
}

function hostOf(text: string, given: string | undefined): PostgresHost | null {
  const [, bracketed, bare = '', own] = /^(?:\[([0-9a-f:.]+)\]|([^:[\]]*))(?::(\d*))?$/i.exec(text) ?? []
  const port = Number(own || given || DEFAULT_PORT)
  const host = bracketed ?? decodeURIComponent(bare)
  if (!Number.isInteger(port) || port < 1 || port > 65_535) return null
  if (host === '') return text === '' ? { host: 'localhost', port } : null
  return /^[\w.:-]+$/.test(host) || host.startsWith('/') ? { host, port } : null
}

/** `sslrootcert=system` asks for all that can be verified, as in libpq. */
function sslModeOf(parameters: ReadonlyMap<string, string>): SslMode {
  const mode = SSL_MODES.find((one) => one === parameters.get('sslmode'))
  return mode ?? (parameters.get('sslrootcert') === 'system' ? 'verify-full' : 'prefer')
}

type Judge = (value: string) => string | null

const oneOf =
  (...values: readonly string[]): Judge =>
  (value) =>
    values.includes(value) ? null : `must be one of ${values.join(', ')}`

const whole =
  (min: number, max: number): Judge =>
  (value) =>
    /^\d{1,6}$/.test(value) && Number(value) >= min && Number(value) <= max
      ? null
      : `must be a whole number from ${min} to ${max}`

const filled: Judge = (value) => (value === '' ? 'must not be empty' : null)

const PARAMETERS: Readonly<Record<string, Judge>> = {
  application_name: (value) =>
    /^[\x20-\x7e]{1,63}$/.test(value) ? null : 'must be up to 63 plain characters',
  connect_timeout: whole(1, 60),
  host: filled,
  keepalives_idle: whole(1, 86_400),
  pool_size: whole(1, 1_000),
  port: (value) => (/^\d+(,\d+)*$/.test(value) ? null : 'must be a port, or one for each host'),
  sslcert: filled,
  sslkey: filled,
  sslmode: oneOf(...SSL_MODES),
  sslrootcert: filled,
  target_session_attrs: oneOf('read-write', 'primary'),
}

/** What other programs take, and why it is not taken here. */
const REFUSED: Readonly<Record<string, string>> = {
  options: 'would change how the server keeps what is written; set such things with ALTER ROLE',
  password: 'must stand before the @, or in PGPASSFILE, not behind the ?',
  sslpassword: 'is not taken; use a key without a passphrase that its owner alone can read',
  statement_timeout: 'is set by Yaopai itself',
  uselibpqcompat: 'is not needed: sslmode means here what it means in libpq',
}

function judgeParameters(parameters: ReadonlyMap<string, string>): UrlProblem[] {
  const names = Object.keys(PARAMETERS)
  const cure = `Remove it, or take one of ${names.join(', ')}`
  return [...parameters].flatMap(([name, value]) => {
    const refused = Object.hasOwn(REFUSED, name) ? REFUSED[name] : undefined
    if (refused !== undefined)
      return [{ problem: `has the parameter ${name}, which ${refused}`, cure: 'Remove it' }]
    const judge = Object.hasOwn(PARAMETERS, name) ? PARAMETERS[name] : undefined
    if (judge === undefined)
      return [{ problem: `has a parameter that is unknown${nameOf(name, names)}`, cure }]
    const problem = judge(value)
    return problem === null
      ? []
      : [{ problem: `has the parameter ${name}, which ${problem}`, cure: 'Correct it' }]
  })
}

/** A long one, or one of other characters, may be a piece of a password. */
function nameOf(name: string, known: readonly string[]): string {
  const shown = /^[a-z_]{1,30}$/i.test(name) ? `, ${name}` : ''
  const near = didYouMean(name, known)
  return near === null ? shown : `${shown}; did you mean ${near}`
}
