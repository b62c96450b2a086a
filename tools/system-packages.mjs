// The one list of what tests use from the system, how to see whether it is there, and what brings it.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'

/**
 * Where Debian puts PostgreSQL's server programs, one folder a version, the newest first; they are not on the PATH.
 * YAOPAI_POSTGRESQL_PROGRAMS names the folder of others instead.
 */
export function postgresqlFolders(base = '/usr/lib/postgresql') {
  const others = process.env.YAOPAI_POSTGRESQL_PROGRAMS
  if (others !== undefined) return [others]
  if (!existsSync(base)) return []
  const versions = readdirSync(base).sort((a, b) => Number(b) - Number(a))
  return versions.map((version) => join(base, version, 'bin'))
}

export const systemPackages = {
  chromium: { debian: 'chromium', probe: ['chromium', '--version'] },
  faketime: { debian: 'libfaketime', probe: ['sh', '-c', 'ls /usr/lib/*/faketime/libfaketime.so.1'] },
  // Without it, or the right to use it, a proxy stands in for a network that is cut.
  iproute2: { debian: 'iproute2', probe: ['ip', '-V'] },
  // The tests start servers of their own: only the programs are needed.
  mariadb: { debian: 'mariadb-server', probe: ['mariadbd', '--version'], paths: ['/usr/sbin'] },
  nginx: { debian: 'nginx-light', probe: ['nginx', '-v'], paths: ['/usr/sbin', '/usr/local/sbin'] },
  openssl: { debian: 'openssl', probe: ['openssl', 'version'] },
  postgresql: { debian: 'postgresql', probe: ['initdb', '--version'], paths: postgresqlFolders() },
  redis: { debian: 'redis-server', probe: ['redis-server', '--version'] },
  slowhttptest: { debian: 'slowhttptest', probe: ['sh', '-c', 'command -v slowhttptest'] },
  // The probe traces something: where that is not allowed, having the program is of no use.
  strace: { debian: 'strace', probe: ['strace', '-o', '/dev/null', 'true'] },
  systemd: { debian: 'systemd', probe: ['systemd-analyze', '--version'] },
  'python3-django': { debian: 'python3-django', probe: ['/usr/bin/python3', '-c', 'import django'] },
}

/** Whether the probe of this entry succeeds on this machine; YAOPAI_PRETEND_MISSING=name tries the other branch. */
export function isThere(name) {
  if (process.env.YAOPAI_PRETEND_MISSING?.split(',').includes(name)) return false
  const { probe, paths = [] } = systemPackages[name]
  const [command, ...args] = probe
  const PATH = [process.env.PATH, ...paths].join(process.platform === 'win32' ? ';' : ':')
  return spawnSync(command, args, { stdio: 'ignore', env: { ...process.env, PATH } }).status === 0
}

/** Installs the missing ones with apt-get where that is ours to do (root on Debian); else leaves them missing. */
export function installSystemPackages() {
  const missing = Object.keys(systemPackages).filter((name) => !isThere(name))
  if (missing.length === 0 || process.getuid?.() !== 0) return
  const packages = missing.map((name) => systemPackages[name].debian)
  console.log(`Installing system packages for the tests: ${packages.join(' ')} …`)
  withoutServices(() => {
    if (aptGet('install', '-y', '--no-install-recommends', ...packages)) return
    aptGet('update')
    aptGet('install', '-y', '--no-install-recommends', ...packages)
  })
}

/** Debian's way to say that a package that is installed must not start its service; a policy that is there stays. */
function withoutServices(install, policy = '/usr/sbin/policy-rc.d') {
  if (existsSync(policy)) return install()
  writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  try {
    install()
  } finally {
    rmSync(policy)
  }
}

function aptGet(...args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const { status, stdout, stderr } = spawnSync('apt-get', ['-q', ...args], { env, encoding: 'utf8' })
  if (status !== 0) console.error(`${stdout ?? ''}${stderr ?? ''}`.split('\n').slice(-8).join('\n'))
  return status === 0
}
