import { isAbsolute, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { DatabaseTarget } from '../config.ts'
import { Secret } from '../secret.ts'
import { complain, type Findings } from './findings.ts'

const NAME = 'DATABASE_URL'
const FILE_CURE = `Set for example ${NAME}=file:.yaopai/yaopai.db`
const CURE = `${FILE_CURE}, or postgres://yaopai@db.example/yaopai, or mysql://yaopai@db.example/yaopai`
const FILE = 'file:'

const SERVERS: Readonly<Record<string, 'postgres' | 'mysql'>> = {
  postgres: 'postgres',
  postgresql: 'postgres',
  mysql: 'mysql',
  mariadb: 'mysql',
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
  if (kind !== undefined) return { kind, url: new Secret(text) }
  complain(findings, NAME, 'must begin with file:, postgres: or mysql:', CURE)
  return fallback
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
