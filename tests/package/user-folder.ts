import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import process from 'node:process'
import { npm } from '../../tools/setup.mjs'

/** A machine as a user has it: an empty folder, an empty npmrc, Node and npm and nothing else. */
export type UserFolder = {
  path: string
  install(...tarballs: string[]): void
  /** Runs a program of the folder to its end. */
  run(args: string[], env?: Record<string, string>): { status: number | null; stdout: string; stderr: string }
  /** Starts a command that the installed packages brought; ended with the folder. */
  start(command: string, args: string[], env: Record<string, string>): Started
  remove(): Promise<void>
}

export type Started = { child: ChildProcess; output(): string }

export function makeUserFolder(): UserFolder {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'yaopai-user-')))
  const env = emptyEnvironment(path)
  const started: Started[] = []
  writeFileSync(join(path, 'package.json'), '{ "name": "user", "private": true, "type": "module" }\n')
  return {
    path,
    install: (...tarballs) => install(path, env, tarballs),
    run: (args, more = {}) =>
      spawnSync(process.execPath, args, {
        cwd: path,
        env: { ...env, ...more },
        encoding: 'utf8',
        timeout: 60_000,
      }),
    start: (command, args, more) => {
      const one = startProcess(join(path, 'node_modules', '.bin', command), args, {
        cwd: path,
        env: { ...env, ...more },
      })
      started.push(one)
      return one
    },
    remove: async () => {
      await Promise.all(started.map(({ child }) => stop(child)))
      rmSync(path, { recursive: true, force: true })
    },
  }
}

// No compiler, no git, no Python: PATH holds node alone. Which registry and cache npm uses is this machine's
// affair and is handed on in the environment, never in a file.
function emptyEnvironment(path: string): Record<string, string> {
  const bin = join(path, 'bin')
  mkdirSync(bin)
  if (process.platform !== 'win32') symlinkSync(process.execPath, join(bin, 'node'))
  const home = join(path, 'home')
  mkdirSync(home)
  writeFileSync(join(home, '.npmrc'), '')
  return {
    PATH: process.platform === 'win32' ? [bin, dirname(process.execPath)].join(delimiter) : bin,
    HOME: home,
    npm_config_userconfig: join(home, '.npmrc'),
    npm_config_globalconfig: join(home, 'no-global-npmrc'),
    ...handedOn('registry', 'cache', 'cafile'),
  }
}

function handedOn(...keys: string[]): Record<string, string> {
  const pairs = keys.map((key) => [`npm_config_${key}`, npmConfig(key)] as const)
  return Object.fromEntries(
    pairs.filter(([, value]) => value !== '' && value !== 'null' && value !== 'undefined'),
  )
}

function npmConfig(key: string): string {
  return String(npm(['config', 'get', key], { encoding: 'utf8' }).stdout).trim()
}

function install(cwd: string, env: Record<string, string>, tarballs: string[]): void {
  const args = ['install', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund', ...tarballs]
  const { status, stdout, stderr } = npm(args, { cwd, env, encoding: 'utf8', timeout: 240_000 })
  if (status !== 0) throw new Error(`npm install failed:\n${stdout}${stderr}`)
}

function startProcess(
  file: string,
  args: string[],
  options: { cwd: string; env: Record<string, string> },
): Started {
  const child = spawn(file, args, { ...options, shell: process.platform === 'win32' })
  let text = ''
  child.stdout.on('data', (chunk) => (text += chunk))
  child.stderr.on('data', (chunk) => (text += chunk))
  return { child, output: () => text }
}

/** Ends a child cleanly, or not; its exit code. */
export async function stop(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), 15_000)
  const code = await ended
  clearTimeout(timer)
  return code
}

/** Waits until the address answers at all; throws with what the process printed when it does not. */
export async function answers(url: string, { child, output }: Started, withinMs = 30_000): Promise<void> {
  const untilMs = Date.now() + withinMs
  while (Date.now() < untilMs && child.exitCode === null) {
    const up = await fetch(url).then(
      ({ status }) => status < 500,
      () => false,
    )
    if (up) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`${url} did not answer. Printed:\n${output()}`)
}
