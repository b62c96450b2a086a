import type { Dirent } from 'node:fs'
import { readdir, readFile, realpath, stat } from 'node:fs/promises'
import { basename, join, resolve, sep } from 'node:path'

/** A mini program's folder at one moment. */
export interface Folder {
  /** Of the folder that was named. */
  name: string
  /** Where app.json lies or should; absolute, no link. */
  root: string
  /** project.config.json as it stands there; null where there is none. */
  project: string | null
  /** Every text file below the root, by its path with `/`. */
  texts: ReadonlyMap<string, string>
  /** Every other file below the root. */
  others: ReadonlySet<string>
}

/** Reads a folder again and again, and of its texts only those that changed. */
export interface FolderReader {
  /** The folder now; the very same object where nothing changed. */
  read(): Promise<Folder>
}

const TEXT = /\.(?:js|ts|json|wxml|wxss|css|wxs|less|scss|sass)$/
const PROJECT = 'project.config.json'
/** A text beyond this is not read: no source is so long. */
const MAX_TEXT_BYTES = 20_000_000
/** Files that are opened at the same time. */
const AT_ONCE = 64

interface Found {
  stamp: string
  text: string | null
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

/** No hidden files, no packages of Node; links only to files of the mini program. */
async function listBelow(root: string, folder: string): Promise<string[]> {
  const entries = await readdir(join(root, folder), { withFileTypes: true }).catch((): Dirent[] => [])
  const paths: string[] = []
  for (const entry of entries) {
    if (entry.name.startsWith('.') || entry.name === 'node_modules') continue
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`
    if (entry.isDirectory()) paths.push(...(await listBelow(root, path)))
    else if (entry.isFile() || (entry.isSymbolicLink() && (await fileInside(root, path)))) paths.push(path)
  }
  return paths
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

async function readAll(root: string, known: ReadonlyMap<string, Found>): Promise<Map<string, Found>> {
  const paths = (await listBelow(root, '')).sort()
  const found = new Map<string, Found>()
  for (let from = 0; from < paths.length; from += AT_ONCE) {
    const some = paths.slice(from, from + AT_ONCE)
    const read = await Promise.all(some.map((path) => readOne(root, path, known.get(path))))
    for (const [index, one] of read.entries()) if (one) found.set(some[index] ?? '', one)
  }
  return found
}

function miniprogramRootOf(project: string | null): string {
  return /"miniprogramRoot"\s*:\s*"([^"\\]*)"/.exec(project ?? '')?.[1] ?? ''
}

async function projectAt(folder: string): Promise<string | null> {
  return readFile(join(folder, PROJECT), 'utf8').catch(() => null)
}

interface Place {
  root: string
  project: string | null
}

/** The folder's own project file, or that above it which names the folder as its mini program. */
async function findRoot(dir: string): Promise<Place> {
  const own = await projectAt(dir)
  const named = join(dir, miniprogramRootOf(own))
  const root = await realpath(named).catch(() => named)
  if (own !== null) return { root, project: own }
  const above = await projectAt(join(dir, '..'))
  const isItsOwn = above !== null && resolve(dir, '..', miniprogramRootOf(above)) === dir
  return { root, project: isItsOwn ? above : null }
}

/** A file that was only touched is the same; one that is no text is the same while its stamp is. */
function isSame(one: Map<string, Found>, other: Map<string, Found>): boolean {
  if (one.size !== other.size) return false
  for (const [path, found] of one) {
    const now = other.get(path)
    if (now === undefined || now.text !== found.text) return false
    if (now.text === null && now.stamp !== found.stamp) return false
  }
  return true
}

function folderFrom(dir: string, place: Place, found: Map<string, Found>): Folder {
  const texts = new Map<string, string>()
  const others = new Set<string>()
  for (const [path, { text }] of found) {
    if (text === null) others.add(path)
    else texts.set(path, text)
  }
  return { name: basename(dir), ...place, texts, others }
}

/** Reads `dir`: a folder with app.json, or a project whose `miniprogramRoot` names one. */
export function createFolderReader(dir: string): FolderReader {
  const absolute = resolve(dir)
  let found = new Map<string, Found>()
  let folder: Folder | undefined
  return {
    async read() {
      const place = await findRoot(absolute)
      const isSamePlace = folder?.root === place.root && folder.project === place.project
      const now = await readAll(place.root, isSamePlace ? found : new Map())
      const isUnchanged = isSamePlace && isSame(found, now)
      found = now
      if (isUnchanged && folder) return folder
      folder = folderFrom(absolute, place, now)
      return folder
    },
  }
}
