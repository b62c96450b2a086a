import { isAbsolute, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { complain, type Findings } from './findings.ts'

const NAME = 'DATABASE_URL'
const CURE = `Set for example ${NAME}=file:.yaopai/yaopai.db`
const FILE = 'file:'

/** With the path made absolute: `file:/srv/app/.yaopai/yaopai.db`. */
export function readDatabaseUrl(text: string, cwd: string, findings: Findings): string {
  const scheme = /^([a-z][a-z0-9+]*):/i.exec(text)?.[1]?.toLowerCase()
  if (scheme === 'file') {
    const file = pathOf(text, cwd)
    if (file !== null) return FILE + file
    complain(findings, NAME, 'names no file', CURE)
  } else if (scheme === 'postgres' || scheme === 'postgresql' || scheme === 'mysql') {
    const kind = scheme === 'mysql' ? 'MySQL' : 'PostgreSQL'
    complain(findings, NAME, `names ${kind}, which this version cannot use yet; it comes later`, CURE)
  } else {
    complain(findings, NAME, 'must begin with file:', CURE)
  }
  return `${FILE}${join(cwd, '.yaopai', 'yaopai.db')}`
}

/** The path inside a `file:` URL that {@link readDatabaseUrl} returned. */
export function databaseFile(databaseUrl: string): string {
  return databaseUrl.slice(FILE.length)
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
