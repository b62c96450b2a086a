import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '..', '..')
const SERVER = join('packages', 'server')

/** A version of the server that comes after this one, as files. */
export interface NextVersion {
  readonly version: string
  readonly cli: string
  remove(): Promise<void>
}

/** This version's own code with another number, and migrations that this version does not have. */
export async function makeNextVersion(migrations: Readonly<Record<string, string>>): Promise<NextVersion> {
  const folder = await mkdtemp(join(tmpdir(), 'yaopai-next-'))
  const version = '9.9.9'
  const packageFile = join(folder, SERVER, 'package.json')
  await cp(join(ROOT, SERVER, 'src'), join(folder, SERVER, 'src'), {
    recursive: true,
    filter: (path) => !path.endsWith('.test.ts'),
  })
  const described = JSON.parse(await readFile(join(ROOT, SERVER, 'package.json'), 'utf8'))
  await writeFile(packageFile, JSON.stringify({ ...described, version }))
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'), 'junction')
  for (const [path, sql] of Object.entries(migrations))
    await writeFile(join(folder, SERVER, 'src', 'lib', 'store', path), sql)
  return {
    version,
    cli: join(folder, SERVER, 'src', 'cli.ts'),
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}
