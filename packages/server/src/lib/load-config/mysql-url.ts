import { Secret } from '../secret.ts'
import { didYouMean } from './did-you-mean.ts'

export const SSL_MODES = ['DISABLED', 'REQUIRED', 'VERIFY_CA', 'VERIFY_IDENTITY'] as const
export type MysqlSslMode = (typeof SSL_MODES)[number]

/** What a `mysql://` URL asks for. */
export interface MysqlTarget {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password: Secret | null
  readonly database: string
  readonly sslMode: MysqlSslMode
  /** A file with the certificates of who may sign that of the server. */
  readonly sslCa: string | null
  readonly poolSize: number
  /** The server may say that a commit is done before it is on disk. */
  readonly isLossAccepted: boolean
}

/** Of a URL, told without what stands in it: a piece of it may be a piece of a password. */
export interface MysqlUrlProblem {
  readonly problem: string
  readonly cure: string
}

export type ParsedMysqlUrl =
  | { readonly ok: true; readonly target: MysqlTarget }
  | { readonly ok: false; readonly problems: readonly MysqlUrlProblem[] }

const EXAMPLE = 'mysql://yaopai:password@db.example:3306/yaopai'
const WRITE_IT = `Write it as ${EXAMPLE}; in user and password, / @ : # and % stand as %2F %40 %3A %23 and %25`

/** `mysql://user:password@host:port/database?name=value&…`; `mariadb://` means the same. */
export function parseMysqlUrl(text: string): ParsedMysqlUrl {
  const url = URL.canParse(text) ? new URL(text) : null
  const names = url === null ? null : namesOf(url)
  if (url === null || names === null) return misfit('is no URL of a database server', WRITE_IT)
  if (names.database === '' || names.database.includes('/')) return misfit('names no database', WRITE_IT)
  const problems = [...url.searchParams].flatMap(([name, value]) => judge(name, value))
  if (problems.length > 0) return { ok: false, problems }
  const parameter = (name: string) => url.searchParams.get(name)
  const sslCa = parameter('ssl-ca')
  const sslMode = SSL_MODES.find((mode) => mode === parameter('ssl-mode')?.toUpperCase())
  const target: MysqlTarget = {
    ...names,
    port: url.port === '' ? 3_306 : Number(url.port),
    sslMode: sslMode ?? (sslCa === null ? 'DISABLED' : 'VERIFY_CA'),
    sslCa,
    poolSize: Number(parameter('pool_size') ?? 10),
    isLossAccepted: parameter('durability') === 'relaxed',
  }
  return { ok: true, target }
}

/** Null where a percent sign stands for nothing. An address of IPv6 stands in brackets in a URL alone. */
function namesOf(url: URL): Pick<MysqlTarget, 'host' | 'user' | 'password' | 'database'> | null {
  try {
    const password = decodeURIComponent(url.password)
    return {
      host: decodeURIComponent(url.hostname).replace(/^\[(.*)\]$/, '$1') || 'localhost',
      user: decodeURIComponent(url.username),
      password: password === '' ? null : new Secret(password),
      database: decodeURIComponent(url.pathname.slice(1)),
    }
  } catch {
    return null
  }
}

type Judge = (value: string) => string | null

const PARAMETERS: Readonly<Record<string, Judge>> = {
  durability: (value) => (value === 'relaxed' ? null : 'must be relaxed, or left out'),
  pool_size: (value) =>
    /^\d{1,4}$/.test(value) && Number(value) >= 2 && Number(value) <= 1_000
      ? null
      : 'must be a whole number from 2 to 1000',
  'ssl-ca': (value) => (value === '' ? 'must not be empty' : null),
  'ssl-mode': (value) =>
    SSL_MODES.some((mode) => mode === value.toUpperCase()) ? null : `must be one of ${SSL_MODES.join(', ')}`,
}

function judge(name: string, value: string): MysqlUrlProblem[] {
  const known = Object.keys(PARAMETERS)
  if (!Object.hasOwn(PARAMETERS, name)) {
    const near = didYouMean(name, known)
    const problem = `has a parameter that is unknown${near === null ? '' : `; did you mean ${near}`}`
    return [{ problem, cure: `Remove it, or take one of ${known.join(', ')}` }]
  }
  const problem = PARAMETERS[name]?.(value) ?? null
  return problem === null
    ? []
    : [{ problem: `has the parameter ${name}, which ${problem}`, cure: 'Correct it' }]
}

function misfit(problem: string, cure: string): ParsedMysqlUrl {
  return { ok: false, problems: [{ problem, cure }] }
}
