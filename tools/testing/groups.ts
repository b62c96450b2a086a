import { existsSync, readdirSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { root } from '../setup.mjs'

/** A part of the suite: the folders that hold its `*.test.ts` files. */
export type Group = {
  name: string
  folders: string[]
  except?: string[]
  /** It changes what others read. */
  isAlone?: boolean
}

export const groups: Group[] = [
  { name: 'checks', folders: ['tools/checks'] },
  { name: 'emulator', folders: ['packages/emulator/src'] },
  { name: 'server', folders: ['packages/server/src'] },
  { name: 'miniprogram', folders: ['packages/miniprogram/src'] },
  { name: 'examples', folders: ['examples'] },
  {
    name: 'end to end',
    folders: ['tests'],
    except: ['tests/package', 'tests/phone', 'tests/sdks', 'tests/tools'],
  },
  { name: 'sdks', folders: ['tests/sdks'] },
  { name: 'phone', folders: ['tests/phone'] },
  { name: 'docs', folders: ['tools/docs', 'docs'] },
  { name: 'tools', folders: ['tests/tools'] },
  { name: 'bench', folders: ['bench'] },
  // Builds the packages' dist/ and the emulator's pages anew.
  { name: 'package', folders: ['tests/package'], isAlone: true },
]

const passedBy = new Set(['node_modules', 'dist', 'fixtures', '.cache', '.yaopai'])

/** The test files of a group, as paths from the root with `/`, sorted. */
export function filesOf(group: Group, base = root): string[] {
  const except = group.except ?? []
  return group.folders
    .flatMap((folder) => testFiles(join(base, folder)))
    .map((file) => relative(base, file).split(sep).join('/'))
    .filter((file) => !except.some((folder) => file.startsWith(`${folder}/`)))
    .sort()
}

function testFiles(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.isDirectory()) return passedBy.has(entry.name) ? [] : testFiles(join(folder, entry.name))
    return entry.name.endsWith('.test.ts') ? [join(folder, entry.name)] : []
  })
}

/** A group with the files to run of it. */
export type Selected = { name: string; files: string[]; isAlone: boolean }

/**
 * What `npm test -- …` asks for: nothing is everything; else names of groups and paths (a file, a folder, or
 * the beginning of one).
 * @throws {Error} when an argument names nothing
 */
export function select(args: string[], base = root): Selected[] {
  const all = groups.map((group) => ({
    name: group.name,
    files: filesOf(group, base),
    isAlone: group.isAlone ?? false,
  }))
  if (args.length === 0) return all
  const wanted = args.map((arg) => arg.replaceAll('\\', '/').replace(/^\.\//, ''))
  const unknown = wanted.find(
    (arg) => !all.some((group) => group.files.some((file) => asksFor(arg, group, file))),
  )
  if (unknown) throw new Error(`No test matches "${unknown}": give a path or one of ${groupNames()}`)
  return all
    .map((group) => ({
      ...group,
      files: group.files.filter((file) => wanted.some((arg) => asksFor(arg, group, file))),
    }))
    .filter(({ files }) => files.length > 0)
}

// A group's name means the group, even where a folder begins alike.
function asksFor(arg: string, group: Selected, file: string): boolean {
  return groups.some(({ name }) => name === arg) ? group.name === arg : file.startsWith(arg)
}

function groupNames(): string {
  return groups.map((group) => `"${group.name}"`).join(', ')
}
