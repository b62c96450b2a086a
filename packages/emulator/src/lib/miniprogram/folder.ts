import type { Dirent } from 'node:fs'
import { readdir, readFile, realpath, stat } from 'node:fs/promises'
import { basename, join, resolve, sep } from 'node:path'

/** A mini program's folder at one moment. */
export interface Folder {
  /** Of the folder that was named. */
  name: string
  /** Where app.json lies or should; absolute, no link. */
  root: string
  /** project.config.json as it stands there, and where; null where there is none. */
  project: string | null
  /** Every text file below the root, by its path with `/`. */
  texts: ReadonlyMap<string, string>
  /** Every other file below the root. */
  others: ReadonlySet<string>
}

const TEXT = /\.(?:js|ts|json|wxml|wxss|css|wxs|less|scss|sass)$/
const PROJECT = 'project.config.json'
/** A text beyond this is not read: no source is so long. */
const MAX_TEXT_BYTES = 20_000_000

interface Found {
  stamp: string
  text: string | null
}

/** Reads a folder again and again, and only what changed since. */
export interface FolderReader {
  /** The folder now; the very same object where nothing changed. */
  read(): Promise<Folder>
}

async function listBelow(root: string, folder: string): Promise<string[]> {
  const entries = await readdir(join(root, folder), { withFileTypes: true }).catch((): Dirent[] => [])
  const seen = entries.filter(({ name }) => !name.startsWith('.') && name !== 'node_modules')
  const paths = seen.map(async (entry): Promise<string[]> => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`
    if (entry.isDirectory()) return listBelow(root, path)
    if (entry.isSymbolicLink()) return (await leadsInside(root, path)) ? [path] : []
    return entry.isFile() ? [path] : []
  })
  return (await Promise.all(paths)).flat()
}

/** A link counts where it leads to a file of the mini program. */
async function leadsInside(root: string, path: string): Promise<boolean> {
  return (await fileInside(root, path)) !== null
}

/** The true, absolute path of a file; null where it is none or lies outside of `root`. */
export async function fileInside(root: string, path: string): Promise<string | null> {
  try {
    const real = await realpath(join(root, path))
    const isFile = (await stat(real)).isFile()
    return isFile && real.startsWith(root.endsWith(sep) ? root : root + sep) ? real : null
  } catch {
    return null
  }
}

async function readOne(root: string, path: string, before: Found | undefined): Promise<Found | undefined> {
  try {
    const full = join(root, path)
    const { mtimeMs, size, ino } = await stat(full)
    const stamp = `${mtimeMs} ${size} ${ino}`
    if (before?.stamp === stamp) return before
    const isText = TEXT.test(path) && size <= MAX_TEXT_BYTES
    return { stamp, text: isText ? await readFile(full, 'utf8') : null }
  } catch {
    return undefined // gone since it was listed
  }
}

function miniprogramRootOf(project: string | null): string {
  const found = /"miniprogramRoot"\s*:\s*"([^"\\]*)"/.exec(project ?? '')
  return found?.[1] ?? ''
}

async function projectAt(folder: string): Promise<string | null> {
  return readFile(join(folder, PROJECT), 'utf8').catch(() => null)
}

/** The project file of the folder, or the one above that names the folder as its mini program. */
async function findProject(dir: string): Promise<{ project: string | null; root: string }> {
  const own = await projectAt(dir)
  const root = join(dir, miniprogramRootOf(own))
  if (own !== null) return { project: own, root }
  const above = await projectAt(join(dir, '..'))
  const isItsOwn = above !== null && resolve(dir, '..', miniprogramRootOf(above)) === resolve(dir)
  return { project: isItsOwn ? above : null, root }
}

function isSame(one: Map<string, Found>, other: Map<string, Found>): boolean {
  if (one.size !== other.size) return false
  for (const [path, found] of one) {
    const now = other.get(path)
    if (now === undefined || (now !== found && (now.text !== found.text || now.text === null))) return false
  }
  return true
}

function folderFrom(dir: string, root: string, project: string | null, found: Map<string, Found>): Folder {
  const texts = new Map<string, string>()
  const others = new Set<string>()
  for (const [path, { text }] of found) {
    if (text === null) others.add(path)
    else texts.set(path, text)
  }
  return { name: basename(dir), root, project, texts, others }
}

/** Reads `dir`: a folder with app.json, or a project whose `miniprogramRoot` names one. */
export function createFolderReader(dir: string): FolderReader {
  const absolute = resolve(dir)
  let found = new Map<string, Found>()
  let folder: Folder | undefined
  return {
    async read() {
      const { project, root: named } = await findProject(absolute)
      const root = await realpath(named).catch(() => named)
      const known = folder?.root === root ? found : new Map<string, Found>()
      const now = new Map<string, Found>()
      const paths = (await listBelow(root, '')).sort()
      await Promise.all(
        paths.map(async (path) => {
          const one = await readOne(root, path, known.get(path))
          if (one) now.set(path, one)
        }),
      )
      const isUnchanged = folder?.root === root && folder.project === project && isSame(found, now)
      found = now
      if (isUnchanged && folder) return folder
      folder = folderFrom(absolute, root, project, new Map([...now].sort(([a], [b]) => (a < b ? -1 : 1))))
      return folder
    },
  }
}
