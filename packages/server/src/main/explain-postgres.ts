import { connect } from 'node:net'
import { StoreUnavailableError } from '../lib/errors.ts'
import type { PostgresHost, PostgresTarget } from '../lib/load-config/postgres-url.ts'
import { RefusedError, UnsuitableDatabaseError } from '../lib/store/sql/faults.ts'

const KNOCK_MS = 1_000
/** The first thing that a client of PostgreSQL may say: whether the server speaks TLS. Answered with S or N. */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f])
const ANSWERS = /^[SNE]/

type Cure = (where: string) => string

/** By the server's codes (appendix A of its manual), or by those of the way to it. */
const BY_CODE: Readonly<Record<string, Cure>> = {
  '08P01': (at) => `${at} does not speak PostgreSQL's protocol: correct the host and port`,
  '28000': (at) => `${at} does not let this user in from here: correct the user, or the server's pg_hba.conf`,
  '28P01': (at) =>
    `${at} refuses the user or the password: correct them, in DATABASE_URL, PGPASSWORD or PGPASSFILE`,
  '3D000': (at) =>
    `${at} has no database of this name: correct it, or let an administrator run CREATE DATABASE`,
  '25006': (at) => `${at} only reads: name the primary, or turn default_transaction_read_only off`,
  '42501': (at) =>
    `${at} does not give this user the rights to Yaopai's tables: grant them, or name their owner`,
  '53100': (at) => `${at} has a full disk: make room on it`,
  '53300': (at) => `${at} has no connection free: raise its max_connections, or lower pool_size`,
  '57P03': (at) => `${at} is still starting, or stopping: start again when it accepts connections`,
  CERT_HAS_EXPIRED: (at) => `${at} shows a certificate that is over: renew it there`,
  EAI_AGAIN: (at) => `the name of ${at} cannot be looked up now: see to the name server of this machine`,
  ECONNREFUSED: (at) => `nothing listens at ${at}: start PostgreSQL there, or correct the host and port`,
  EHOSTUNREACH: (at) => `there is no way to ${at}: see to the network, or correct the host`,
  ENETUNREACH: (at) => `there is no way to ${at}: see to the network, or correct the host`,
  ENOENT: (at) => `there is no socket of PostgreSQL in ${at}: start it, or correct the folder`,
  ENOTFOUND: (at) => `there is no host ${at}: correct the name`,
  ERR_TLS_CERT_ALTNAME_INVALID: (at) =>
    `${at} shows a certificate of another name: take that name, or sslmode=verify-ca`,
}

const UNTRUSTED: Cure = (at) =>
  `${at} shows a certificate that nobody known has signed: name its authority with sslrootcert`
const UNTRUSTED_CODES = /SELF_SIGNED|UNABLE_TO_(VERIFY|GET_ISSUER)/

/** What `pg` says in words alone. */
const BY_WORDS: readonly (readonly [RegExp, Cure])[] = [
  [
    /^SASL.*password must be/,
    (at) => `${at} asks for a password: set it in DATABASE_URL, PGPASSWORD or PGPASSFILE`,
  ],
  [/does not support SSL/, (at) => `${at} has no TLS, which sslmode asks for: turn it on there`],
  [/could not (write|extend)|No space left/, (at) => `${at} has a full disk: make room on it`],
  [/takes writes/, (at) => `none of ${at} takes writes: promote one of them, or name the primary`],
]

/**
 * Why a database could not be opened, for who has to see to it: with the cure, and without what a URL may hide.
 * Whatever was wrong was waited for, as far as it may pass by itself.
 */
export async function explainPostgres(error: unknown, target: PostgresTarget): Promise<unknown> {
  if (!(error instanceof StoreUnavailableError)) return error
  const where = target.hosts.map(nameOf).join(', ')
  const cure = cureOf(error.cause) ?? (await cureByKnocking(target.hosts))
  return new UnsuitableDatabaseError(`DATABASE_URL: ${cure(where)}`, error.cause)
}

function nameOf({ host, port }: PostgresHost): string {
  if (host.startsWith('/')) return host
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}

function cureOf(cause: unknown): Cure | null {
  if (!(cause instanceof Error)) return null
  if (cause instanceof AggregateError) return cureOf(cause.errors[0])
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : ''
  const cure = Object.hasOwn(BY_CODE, code) ? BY_CODE[code] : undefined
  if (cure !== undefined) return cure
  if (UNTRUSTED_CODES.test(code)) return UNTRUSTED
  const inWords = BY_WORDS.find(([words]) => words.test(cause.message))?.[1] ?? cureOf(cause.cause)
  if (inWords !== null || !(cause instanceof RefusedError)) return inWords
  return (at) => `${at} refuses to serve (${code}): its log says why`
}

/** What was said there was not understood: who answers there? */
async function cureByKnocking(hosts: readonly PostgresHost[]): Promise<Cure> {
  const answers = await Promise.all(hosts.map(knock))
  if (answers.some((answer) => answer !== null && !ANSWERS.test(answer)))
    return (at) => `what answers at ${at} is not PostgreSQL: correct the host and port`
  return (at) => `${at} does not answer in time: see to the server and to the network between`
}

/** The first character of the answer; null where none comes. */
function knock({ host, port }: PostgresHost): Promise<string | null> {
  if (host.startsWith('/')) return Promise.resolve(null)
  return new Promise((resolve) => {
    const socket = connect(port, host, () => socket.write(SSL_REQUEST))
    const end = (answer: string | null) => {
      socket.destroy()
      resolve(answer)
    }
    socket.setTimeout(KNOCK_MS, () => end(null))
    socket.once('data', (data) => end(data.toString('latin1', 0, 1)))
    socket.once('error', () => end(null))
    socket.once('close', () => resolve(null))
  })
}
