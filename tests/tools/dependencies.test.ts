import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { installedBy, readLockfile } from '../../tools/package/lockfile.ts'
import { root } from '../../tools/setup.mjs'

const lockfile = readLockfile(root)
const manifest = (folder: string) => JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))
const folders = ['.', ...manifest('.').workspaces]
// WeChat's own builder, two frameworks and other databases, brought alone by the test:… commands that need them.
const onDemand = [
  'bench/peers',
  'tools/devtools',
  'tools/engines',
  'tools/frameworks/taro',
  'tools/frameworks/uni-app',
]
const foreign = Object.entries(lockfile.packages).filter(
  ([path, { link }]) => path.includes('node_modules/') && !link,
)

const serverBudget = 70
const allowedLicences = new Set([
  'MIT',
  'ISC',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'BlueOak-1.0.0',
  'MIT OR Apache-2.0',
])

// Data and style tables beneath the mini program simulator, which tests alone run.
const toolLicences = new Set(['MIT-0', 'MPL-2.0', 'CC0-1.0'])

// MIT by their `licenses` field, which is older than `license` and stays out of lockfiles, or by an old list of choices.
const mitByTheOldField = new Set([
  'node_modules/busboy',
  'node_modules/pause-stream',
  'node_modules/streamsearch',
  'node_modules/string.fromcodepoint',
])

test('every dependency is named with its exact version', () => {
  const loose = [...folders, ...onDemand].flatMap((folder) => {
    const { dependencies, devDependencies, optionalDependencies } = manifest(folder)
    return Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies })
      .filter(([, version]) => !/^(npm:.+@)?\d+\.\d+\.\d+(-[\w.]+)?$/.test(String(version)))
      .map(([name, version]) => `${folder}: ${name} ${version}`)
  })
  assert.deepEqual(loose, [])
})

test('all packages are of one version and under one licence', () => {
  for (const folder of folders) {
    const { version, license, engines } = manifest(folder)
    assert.deepEqual([folder, version, license], [folder, manifest('.').version, 'Apache-2.0'])
    if (!manifest(folder).private || folder === '.') assert.equal(engines.node, '>=20.19.0', folder)
  }
})

test('the lockfile is of version 3 and every package in it has a sha512', () => {
  assert.equal(lockfile.lockfileVersion, 3)
  assert.ok(foreign.length > 50)
  assert.deepEqual(
    foreign.filter(([, { integrity }]) => !integrity?.startsWith('sha512-')).map(([path]) => path),
    [],
  )
})

test('the lockfile holds the optional packages of every platform, so that npm ci works on each', () => {
  const missing = foreign.flatMap(([path, { optionalDependencies }]) =>
    Object.keys(optionalDependencies ?? {}).filter((name) => {
      const found =
        lockfile.packages[`node_modules/${name}`] ?? lockfile.packages[`${path}/node_modules/${name}`]
      return found?.version === undefined
    }),
  )
  assert.deepEqual(missing, [])
})

test('no lockfile and no .npmrc names a registry', () => {
  const others = onDemand.flatMap((folder) => Object.entries(readLockfile(join(root, folder)).packages))
  assert.deepEqual(
    [...foreign, ...others].filter(([, { resolved }]) => resolved !== undefined).map(([path]) => path),
    [],
  )
  for (const folder of ['.', ...onDemand]) {
    assert.doesNotMatch(readFileSync(join(root, folder, '.npmrc'), 'utf8'), /registry\s*=|\/\//)
  }
})

test(`installing the server brings at most ${serverBudget} packages`, (t) => {
  const brought = installedBy('packages/server', lockfile)
  t.diagnostic(`${brought.size} packages`)
  assert.ok(brought.size > Object.keys(manifest('packages/server').dependencies).length)
  assert.ok(brought.size <= serverBudget, `${brought.size}: ${[...brought].join(' ')}`)
})

test('installing the client brings nothing', () => {
  const { dependencies, peerDependencies, optionalDependencies } = manifest('packages/miniprogram')
  assert.deepEqual([dependencies, peerDependencies, optionalDependencies], [undefined, undefined, undefined])
})

test('the server needs no install script', () => {
  const scripted = [...installedBy('packages/server', lockfile)].filter(
    (path) => lockfile.packages[path] && 'hasInstallScript' in lockfile.packages[path],
  )
  assert.deepEqual(
    scripted.filter((path) => !worksWithoutItsScript.has(path)),
    [],
  )
})

// Ships its binaries inside; its script only compiles where none fits. tests/package proves that it opens.
const worksWithoutItsScript = new Set(['node_modules/@photostructure/sqlite'])

test('the emulator takes nothing from another package of the repository', () => {
  const ours = folders.map((folder) => manifest(folder).name)
  const { dependencies, devDependencies } = manifest('packages/emulator')
  assert.deepEqual(
    Object.keys({ ...dependencies, ...devDependencies }).filter((name) => ours.includes(name)),
    [],
  )
})

test('every licence is on the allow-list, and the wider one of tools reaches no user', () => {
  const others = foreign.filter(([, { license }]) => !allowedLicences.has(license ?? 'none'))
  const shipped = shippedFolders.flatMap((folder) => [...installedBy(folder, lockfile)])
  assert.deepEqual(
    others
      .filter(([path]) => shipped.includes(path) || !isAllowedForTools(path))
      .map(([path, { license }]) => `${path}: ${license}`),
    [],
  )
})

const shippedFolders = ['packages/server', 'packages/emulator', 'packages/miniprogram']

function isAllowedForTools(path: string): boolean {
  const { license } = lockfile.packages[path] ?? {}
  return toolLicences.has(license ?? 'none') || mitByTheOldField.has(path)
}
