// Brings the checkout to where every npm script can run: Node new enough, node_modules as the lockfile says.
// Plain JavaScript without imports from node_modules, since it runs before there are any.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))
const oldestNode = [20, 19]

/** Installs what is missing or stale, and says so; does nothing (and says nothing) otherwise. */
export function setup(folder = root) {
  const complaint = nodeComplaint(process.versions.node)
  if (complaint) stop(complaint)
  const reason = staleReason(folder)
  if (reason) install(folder, reason)
}

/** A sentence with the cure when this Node is too old, else undefined. */
export function nodeComplaint(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [oldMajor, oldMinor] = oldestNode
  if (major > oldMajor || (major === oldMajor && minor >= oldMinor)) return undefined
  return `Yaopai needs Node ${oldMajor}.${oldMinor} or newer; this is ${version}. Install a newer one from https://nodejs.org and run the command again.`
}

/** Why node_modules does not match the lockfile, or undefined when it does. */
export function staleReason(folder) {
  const installedFile = join(folder, 'node_modules', '.package-lock.json')
  if (!existsSync(installedFile)) return 'node_modules is missing'
  const lockFile = join(folder, 'package-lock.json')
  if (!existsSync(lockFile)) return undefined
  const installed = readPackages(installedFile)
  const wanted = Object.entries(readPackages(lockFile)).filter(([path]) => path !== '')
  const different = wanted.find(([path, entry]) => !matches(entry, installed[path]))
  return different && `node_modules is older than package-lock.json (${different[0]})`
}

function readPackages(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages ?? {}
}

// Optional packages are those of other platforms, so their absence says nothing.
function matches(wanted, found) {
  if (!found) return Boolean(wanted.optional || wanted.devOptional || wanted.peer)
  return wanted.version === found.version && wanted.integrity === found.integrity
}

function install(folder, reason) {
  const command = existsSync(join(folder, 'package-lock.json')) ? 'ci' : 'install'
  console.log(`Setting up: ${reason}. Running "npm ${command}" here, nothing global …`)
  const startedAtMs = Date.now()
  const { status } = npm([command, '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: folder,
    stdio: 'inherit',
  })
  if (status !== 0)
    stop(`"npm ${command}" failed, see above; this step needs your npm registry or a filled npm cache`)
  console.log(`Set up in ${((Date.now() - startedAtMs) / 1000).toFixed(1)} s.`)
}

/** Runs npm the way that works on this platform: the npm that runs us, else the one on PATH. */
export function npm(args, options) {
  const cli = process.env.npm_execpath
  if (cli && /npm-cli\.c?js$/.test(cli)) return spawnSync(process.execPath, [cli, ...args], options)
  const windows = process.platform === 'win32'
  return spawnSync(windows ? 'npm.cmd' : 'npm', args, { ...options, shell: windows })
}

function stop(message) {
  console.error(message)
  process.exit(1)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) setup()
