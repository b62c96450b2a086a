import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { npm, root } from '../setup.mjs'

/**
 * Lays a built package as users shall get it into `to`/NAME and packs it there. Our export condition to the
 * source stays behind, since the source does, and for mini programs all exports do.
 * @returns the path of the tarball
 * @throws {Error} when a file that every package carries is missing, or npm cannot pack
 */
export function packPackage(folder: string, to: string): string {
  const manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))
  const stage = join(to, manifest.name.replace(/^@/, '').replace('/', '-'))
  rmSync(stage, { recursive: true, force: true })
  mkdirSync(stage, { recursive: true })
  for (const name of builtFolders(manifest)) {
    cpSync(join(root, folder, name), join(stage, name), { recursive: true })
  }
  cpSync(join(root, 'LICENSE'), join(stage, 'LICENSE'))
  const readme = [join(root, folder, 'README.md'), join(root, 'README.md')].find((file) => existsSync(file))
  if (!readme) throw new Error(`${folder} has no README.md`)
  cpSync(readme, join(stage, 'README.md'))
  writeFileSync(join(stage, 'package.json'), `${JSON.stringify(published(manifest), null, 2)}\n`)
  return join(to, pack(stage, to))
}

type Manifest = { files: string[]; miniprogram?: string; exports?: Record<string, unknown> }

function builtFolders({ files }: Manifest): string[] {
  return files.filter((name) => !/\.md$|^LICENSE$/.test(name))
}

function published({ exports: all, ...manifest }: Manifest): Manifest {
  // Tools of mini programs go by main, module and miniprogram, and some build nothing where exports are there.
  if (manifest.miniprogram !== undefined || all === undefined) return manifest
  const entries = Object.entries(all).map(([path, target]) => [path, withoutSource(target)])
  return { ...manifest, exports: Object.fromEntries(entries) }
}

function withoutSource(target: unknown): unknown {
  if (typeof target !== 'object' || target === null) return target
  return Object.fromEntries(Object.entries(target).filter(([condition]) => condition !== 'yaopai-source'))
}

function pack(stage: string, to: string): string {
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', to]
  const { status, stdout, stderr } = npm(args, { cwd: stage, encoding: 'utf8' })
  if (status !== 0) throw new Error(`npm pack failed in ${stage}:\n${stderr}`)
  const [packed] = JSON.parse(String(stdout))
  return packed.filename.replace(/^@/, '').replace('/', '-')
}
