import { connect } from 'node:net'
import { StoreUnavailableError } from '../lib/errors.ts'
import type { MysqlTarget } from '../lib/load-config/mysql-url.ts'
import { RefusedError, UnsuitableDatabaseError } from '../lib/store/sql/faults.ts'

type Cure = (where: string) => string

const RIGHTS: Cure = (at) =>
  `${at} does not give this user the rights to Yaopai's tables: let an administrator run GRANT SELECT, INSERT, UPDATE, ` +
  'DELETE, CREATE, ALTER, DROP, INDEX on the database'
const PASSWORD: Cure = (at) => `${at} refuses the user or the password: correct them in DATABASE_URL`
const READ_ONLY: Cure = (at) => `${at} only reads: name the primary, or turn read_only off there`
const FULL: Cure = (at) => `${at} has a full disk: make room on it`
const CROWDED: Cure = (at) =>
  `${at} has no connection free: raise max_connections there, or lower pool_size here`

/** By the server's numbers. */
const BY_NUMBER: Readonly<Record<string, Cure>> = {
  1021: FULL,
  1040: CROWDED,
  // To who has no rights there it does not say whether there is such a database.
  1044: (at) => `${RIGHTS(at)}, or correct the name of the database, which it may not have`,
  1045: PASSWORD,
  1049: (at) => `${at} has no database of this name: correct it, or let an administrator run CREATE DATABASE`,
  1114: FULL,
  1142: RIGHTS,
  1143: RIGHTS,
  1203: CROWDED,
  1226: CROWDED,
  1227: RIGHTS,
  1286: (at) => `${at} has no InnoDB, which keeps what was committed: turn it on there`,
  1290: READ_ONLY,
  1698: PASSWORD,
  1792: READ_ONLY,
  1836: READ_ONLY,
  3159: (at) => `${at} takes encrypted connections alone: add ssl-mode=REQUIRED, or better VERIFY_IDENTITY`,
}

/** By the codes of the way to it, Node's and the driver's. */
const BY_CODE: Readonly<Record<string, Cure>> = {
  AUTH_SWITCH_PLUGIN_ERROR: (at) =>
    `${at} wants a kind of password that is not known here: give the user caching_sha2_password or mysql_native_password`,
  EAI_AGAIN: (at) => `the name of ${at} cannot be looked up now: see to the name server of this machine`,
  ECONNREFUSED: (at) =>
    `nothing listens at ${at}: start MySQL or MariaDB there, or correct the host and port`,
  EHOSTUNREACH: (at) => `there is no way to ${at}: see to the network, or correct the host`,
  ENETUNREACH: (at) => `there is no way to ${at}: see to the network, or correct the host`,
  ENOTFOUND: (at) => `there is no host ${at}: correct the name`,
  HANDSHAKE_NO_SSL_SUPPORT: (at) => `${at} has no TLS, which ssl-mode asks for: turn it on there`,
  HANDSHAKE_SSL_ERROR: (at) =>
    `${at} shows a certificate that does not fit: name its authority with ssl-ca, and the server as the certificate does`,
}

/**
 * Why a database could not be opened, for who has to see to it: with the cure, and without what a URL may hide.
 * Whatever was wrong was waited for, as far as it may pass by itself.
 */
export async function explainMysql(error: unknown, target: MysqlTarget): Promise<unknown> {
  if (error instanceof UnsuitableDatabaseError || !(error instanceof StoreUnavailableError)) return error
  const { host, port } = target
  const where = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
  const cure = cureOf(error.cause) ?? (await cureByListening(target))
  return new UnsuitableDatabaseError(`DATABASE_URL: ${cure(where)}`, error.cause)
}

function cureOf(cause: unknown): Cure | undefined {
  if (cause instanceof RefusedError) return BY_NUMBER[cause.code] ?? refused(cause)
  if (!(cause instanceof Error) || !('code' in cause) || typeof cause.code !== 'string') return undefined
  return Object.hasOwn(BY_CODE, cause.code) ? BY_CODE[cause.code] : undefined
}

function refused({ message }: RefusedError): Cure {
  return (at) => `${at} does not do what is needed: ${message}; see its log`
}

const LISTEN_MS = 1_000

/** A server of MySQL's protocol speaks first. */
async function cureByListening(target: MysqlTarget): Promise<Cure> {
  const heard = await listen(target)
  if (heard === 'mysql')
    return (at) => `${at} does not answer in time: see to the server, and to the network between`
  if (heard === 'other') return (at) => `what answers at ${at} is not MySQL: correct the host and port`
  return (at) => `${at} does not answer: see to the network between, or correct the host and port`
}

/** The fifth byte is the version of the protocol, or says that this greeting is a refusal. */
function isGreeting(data: Buffer): boolean {
  return data[4] === 10 || data[4] === 0xff
}

function listen({ host, port }: MysqlTarget): Promise<'mysql' | 'other' | 'nobody'> {
  return new Promise((resolve) => {
    let isOpen = false
    const socket = connect(port, host, () => {
      isOpen = true
    })
    const end = (heard: 'mysql' | 'other' | 'nobody') => {
      socket.destroy()
      resolve(heard)
    }
    socket.setTimeout(LISTEN_MS, () => end(isOpen ? 'other' : 'nobody'))
    socket.once('data', (data) => end(isGreeting(data) ? 'mysql' : 'other'))
    socket.once('error', () => end('nobody'))
    socket.once('close', () => end(isOpen ? 'other' : 'nobody'))
  })
}
