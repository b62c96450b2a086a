import { spawnSync } from 'node:child_process'

const PROBES: [name: string, command: string, args: string[]][] = [
  ['wrk', 'wrk', ['--version']],
  ['taskset', 'taskset', ['--version']],
  ['redis-server', 'redis-server', ['--version']],
  ['gunicorn', 'gunicorn', ['--version']],
  ['python3-django', '/usr/bin/python3', ['-c', 'import django']],
]

/** Tools that the bench runs and this machine lacks. */
export function missingTools(): string[] {
  return PROBES.filter(
    ([, command, args]) => spawnSync(command, args, { stdio: 'ignore' }).error !== undefined,
  ).map(([name]) => name)
}
