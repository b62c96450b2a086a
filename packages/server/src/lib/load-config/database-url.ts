import { isAbsolute, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { DatabaseTarget } from '../config.ts'
import { isLoopback } from '../network.ts'
import { Secret } from '../secret.ts'
import { complain, type Findings, warn } from './findings.ts'
import type { Layers } from './layers.ts'
import { type PostgresTarget, parsePostgresUrl } from './postgres-url.ts'
import { readScalar, type Sources } from './scalars.ts'
import { type FoundSecret, secretFromRef, secretFromVariable } from './secrets.ts'

const NAME = 'DATABASE_URL'
const FILE_CURE = `Set for example ${NAME}=file:.yaopai/yaopai.db`
const CURE = `${FILE_CURE}, or postgres://yaopai@db.example/yaopai, or mysql://yaopai@db.example/yaopai`
const FILE = 'file:'
const FALLBACK = 'file:.yaopai/yaopai.db'

const SERVERS: Readonly<Record<string, 'postgres' | 'mysql'>> = {
  postgres: 'postgres',
  postgresql: 'postgres',
  mysql: 'mysql',
  mariadb: 'mysql',
}

/** The variable, or the file that `DATABASE_URL_FILE` names, over what the configuration file says or points at. */
export function readDatabase(layers: Layers, findings: Findings, sources: Sources): DatabaseTarget {
  const found = secretUrl(layers, findings)
  if (found !== null) {
    sources['databaseUrl'] = found.source
    return readDatabaseUrl(found.secret.reveal(), layers.cwd, findings)
  }
  const value = readScalar('databaseUrl', layers, findings, sources)
  const database = readDatabaseUrl(typeof value === 'string' ? value : FALLBACK, layers.cwd, findings)
  if (sources['databaseUrl'] === layers.fileName) judgePlainPassword(database, layers.fileName, findings)
  return database
}

/** Null where it stands in the open, or nowhere. What was complained of counts as nowhere. */
function secretUrl(layers: Layers, findings: Findings): FoundSecret | null {
  if (layers.variables.has(NAME) || layers.variables.has(`${NAME}_FILE`))
    return secretFromVariable(NAME, layers, findings)
  const ref = layers.file.databaseUrl
  return typeof ref === 'object' ? secretFromRef(ref, 'databaseUrl', layers, findings) : null
}

function judgePlainPassword(database: DatabaseTarget, fileName: string, findings: Findings): void {
  if (database.kind === 'sqlite' || !/^[a-z]+:\/\/[^/]*:[^/]*@/i.test(database.url.reveal())) return
  const cure = `Write {"env": "${NAME}"} or {"file": "database.url"} instead, or leave the password to PGPASSFILE`
  warn(findings, 'databaseUrl', `holds a password, and ${fileName} may be read by many`, cure)
}

/** A file's path is made absolute. Of a server's URL nothing is told to anybody: it may hold a password. */
export function readDatabaseUrl(text: string, cwd: string, findings: Findings): DatabaseTarget {
  const fallback: DatabaseTarget = { kind: 'sqlite', file: join(cwd, '.yaopai', 'yaopai.db') }
  const scheme = /^([a-z][a-z0-9+]*):/i.exec(text)?.[1]?.toLowerCase() ?? ''
  if (scheme === 'file') {
    const file = pathOf(text, cwd)
    if (file !== null) return { kind: 'sqlite', file }
    complain(findings, NAME, 'names no file', FILE_CURE)
    return fallback
  }
  const kind = SERVERS[scheme]
  if (kind === 'postgres') judgePostgresUrl(text, findings)
  if (kind !== undefined) return { kind, url: new Secret(text) }
  complain(findings, NAME, 'must begin with file:, postgres: or mysql:', CURE)
  return fallback
}

function judgePostgresUrl(text: string, findings: Findings): void {
  const parsed = parsePostgresUrl(text)
  if (parsed.ok) judgeTls(parsed.target, findings)
  else for (const { problem, cure } of parsed.problems) complain(findings, NAME, problem, cure)
}

const WARNED: Readonly<Record<string, string>> = {
  disable: 'sends everything in the open',
  prefer: 'sends everything in the open to a server that says it has no TLS',
  require: 'takes whoever answers for the server',
}

function judgeTls({ hosts, sslMode, sslRootCert }: PostgresTarget, findings: Findings): void {
  const isNear = hosts.every(({ host }) => host.startsWith('/') || isLoopback(host))
  const isVerified = sslMode === 'require' && sslRootCert !== null
  const problem = isNear || isVerified ? undefined : WARNED[sslMode]
  if (problem === undefined) return
  const cure = 'Add sslmode=verify-full, with sslrootcert= where the certificate authority is your own'
  warn(findings, NAME, `${problem} (sslmode=${sslMode})`, cure)
}

/** For people: the file's path, or the kind, host and name of a database, without user and password. */
export function describeDatabase(database: DatabaseTarget): string {
  if (database.kind === 'sqlite') return FILE + database.file
  return database.url
    .reveal()
    .replace(/\?.*$/, '')
    .replace(/^([a-z]+:\/\/).*@/i, '$1')
}

function pathOf(text: string, cwd: string): string | null {
  if (/^file:\/\//i.test(text)) return fromUrl(text)
  const path = text.slice(FILE.length)
  if (path === '' || path.includes('\0') || /[\\/]$/.test(path)) return null
  return isAbsolute(path) ? path : join(cwd, path)
}

function fromUrl(text: string): string | null {
  try {
    const path = fileURLToPath(text)
    return /[\\/]$/.test(path) ? null : path
  } catch {
    return null
  }
}
