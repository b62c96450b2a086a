import { StoreUnavailableError } from '../../errors.ts'
import { RefusedError, UnsuitableDatabaseError } from './errors.ts'

const READ_ONLY =
  'The database only reads: name in DATABASE_URL the primary, which takes writes, or set read_only = OFF there'
const RIGHTS =
  'The database does not let this user make what is needed: let its administrator run GRANT SELECT, INSERT, UPDATE, ' +
  'DELETE, CREATE, ALTER, DROP, INDEX ON database.* TO the user'
const PASSWORD =
  'The database knows no such user with this password: correct user and password in DATABASE_URL'

/** What no waiting cures, by the server's numbers. */
const REFUSALS: Readonly<Record<number, string>> = {
  1044: RIGHTS,
  1045: PASSWORD,
  1049: 'The server has no database of that name: run CREATE DATABASE there, or correct DATABASE_URL',
  1064: 'The server does not understand this program: the pool must be made with multipleStatements: true',
  1142: RIGHTS,
  1143: RIGHTS,
  1227: RIGHTS,
  1286: 'The server has no InnoDB, the only engine that keeps what was committed: turn it on there',
  1290: READ_ONLY,
  1698: PASSWORD,
  1792: READ_ONLY,
  1836: READ_ONLY,
  3159: 'The server takes encrypted connections alone: add ?ssl-mode=REQUIRED to DATABASE_URL',
}

/** What the way to the server says, by the codes of Node and of the driver. */
const WAYS: Readonly<Record<string, string>> = {
  ENOTFOUND: 'The host of the database is unknown: correct the host in DATABASE_URL',
  ETIMEDOUT:
    'Nothing that speaks the protocol of MySQL answered there: correct host and port in DATABASE_URL, or start the server',
  HANDSHAKE_NO_SSL_SUPPORT:
    'The server cannot encrypt: turn that on there, or take ssl-mode out of DATABASE_URL',
  HANDSHAKE_SSL_ERROR:
    'The certificate of the server does not fit: name with ssl-ca in DATABASE_URL the file of who signed it, ' +
    'and connect by the name that it has',
  AUTH_SWITCH_PLUGIN_ERROR:
    'The server wants a kind of password that the driver does not know: give the user mysql_native_password or ' +
    'caching_sha2_password',
}

const OTHER_PRODUCT =
  'What answers there speaks another protocol than MySQL: correct host and port in DATABASE_URL'

/** For an opening that failed: the error as it is, or what is to be done where trying again would not help. */
export function unsuitableIfForGood(error: unknown): unknown {
  if (!(error instanceof StoreUnavailableError)) return error
  const message = messageOf(error.cause)
  return message === null ? error : new UnsuitableDatabaseError(message, error.cause)
}

function messageOf(cause: unknown): string | null {
  if (cause instanceof RefusedError) return REFUSALS[cause.number] ?? null
  if (!(cause instanceof Error) || !('code' in cause) || typeof cause.code !== 'string') return null
  return (
    WAYS[cause.code] ?? (cause.code.startsWith('PROTOCOL_') && cause.code !== LOST ? OTHER_PRODUCT : null)
  )
}

const LOST = 'PROTOCOL_CONNECTION_LOST'
