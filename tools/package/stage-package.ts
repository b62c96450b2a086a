import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { npm, root } from '../setup.mjs'

/**
 * Lays a built package as users shall get it into `to`/NAME and packs it there. Our export condition to the
 * source stays behind, since the source does.
 * @returns the path of the tarball
 * @throws {Error} when a file that every package carries is missing, or npm cannot pack
 */
export function packPackage(folder: string, to: string): string {
  const manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))
  const stage = join(to, manifest.name.replace(/^@/, '').replace('/', '-'))
  rmSync(stage, { recursive: true, force: true })
  mkdirSync(stage, { recursive: true })
  cpSync(join(root, folder, 'dist'), join(stage, 'dist'), { recursive: true })
  cpSync(join(root, 'LICENSE'), join(stage, 'LICENSE'))
  const readme = [join(root, folder, 'README.md'), join(root, 'README.md')].find((file) => existsSync(file))
  if (!readme) throw new Error(`${folder} has no README.md`)
  cpSync(readme, join(stage, 'README.md'))
  writeFileSync(join(stage, 'package.json'), `${JSON.stringify(published(manifest), null, 2)}\n`)
  return join(to, pack(stage, to))
}

type Manifest = { exports?: Record<string, unknown> } & Record<string, unknown>

function published(manifest: Manifest): Manifest {
  const entries = Object.entries(manifest.exports ?? {}).map(([path, target]) => [
    path,
    withoutSource(target),
  ])
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
