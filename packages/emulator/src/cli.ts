#!/usr/bin/env node
import { Command, CommanderError, InvalidArgumentError } from 'commander'
import { banner, bannerJson, trafficHint } from './lib/cli/banner.ts'
import { type CliOptions, startOptionsOf } from './lib/cli/start-options.ts'
import { EmulatorError } from './lib/machine.ts'
import { type Emulator, startEmulator } from './lib/start-emulator.ts'
import { writeStateFile } from './lib/state/state-file.ts'
import type { App } from './lib/state/world.ts'

const EXIT_USAGE = 2
const EXIT_DAMAGED_DATA = 65
const EXIT_NOT_SAVED = 70
const EXIT_CONFIG = 78

function parsePort(text: string): number {
  const port = Number(text)
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port
  throw new InvalidArgumentError('A port is a number from 0 to 65535; 0 takes a free one.')
}

function addApp(text: string, apps: Record<string, App> = {}): Record<string, App> {
  const mark = text.indexOf(':')
  if (mark < 1 || mark === text.length - 1) throw new InvalidArgumentError('An app is given as appid:secret.')
  return { ...apps, [text.slice(0, mark)]: { secret: text.slice(mark + 1) } }
}

function addText(text: string, texts: string[] = []): string[] {
  return [...texts, text]
}

function addTap(text: string, taps: Record<string, string> = {}): Record<string, string> {
  const mark = text.indexOf('=')
  if (mark < 1 || mark === text.length - 1) throw new InvalidArgumentError('A tap is given as name=URL.')
  return { ...taps, [text.slice(0, mark)]: text.slice(mark + 1) }
}

const program = new Command('wechat-emulator')
  .description("WeChat's mini program login API on this machine: no account, no network")
  .option('--port <number>', 'where to listen; 0 takes a free port', parsePort, 8788)
  .option('--host <address>', 'address to listen on', '127.0.0.1')
  .option('--seed <file>', 'state to start from, as GET /_emulator/state gives it (all parts optional)')
  .option('--app <appid:secret>', 'an app of your own; may be repeated', addApp)
  .option('--demo', 'add the demo app and the users alice and bob (the default without --seed and --app)')
  .option('--miniprogram <folder>', 'a mini program (or its project) for the phone in the browser')
  .option('--random-seed <text>', 'make codes, session_keys and rids the same in every run')
  .option('--export-on-exit <file>', 'save the state there when it stops')
  .option('--dev <url>', 'a back end that offers /_dev: moves its clock, ends its sessions (see the README)')
  .option('--tls-cert <file>', 'serve https with this PEM certificate …')
  .option('--tls-key <file>', '… and its key')
  .option(
    '--backend <url>',
    "where a mini program's requests go; origin=url for one origin alone; may be repeated",
    addText,
  )
  .option('--tap <name=url>', 'show what is sent to url through /_emulator/tap/name; may be repeated', addTap)
  .option('--json', 'say where it listens as one line of JSON')
  .exitOverride()

function exitCodeOf(error: EmulatorError): number {
  if (error.code === 'bad_state_file') return EXIT_DAMAGED_DATA
  return error.code === 'state_not_saved' ? EXIT_NOT_SAVED : EXIT_CONFIG
}

function fail(error: unknown): void {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : EXIT_USAGE
    return
  }
  const text = error instanceof Error ? error.message : String(error)
  process.stderr.write(`wechat-emulator: ${text}\n`)
  process.exitCode = error instanceof EmulatorError ? exitCodeOf(error) : 1
}

async function shutDown(emulator: Emulator, options: CliOptions): Promise<void> {
  const state = emulator.exportState()
  await emulator.close()
  if (options.exportOnExit !== undefined) await writeStateFile(options.exportOnExit, state)
}

function onSignal(stop: () => void): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop)
}

async function main(): Promise<void> {
  const options = program.parse().opts<CliOptions>()
  const emulator = await startEmulator(await startOptionsOf(options))
  // Before anything is said: who reads it may stop the emulator at once.
  onSignal(() => void shutDown(emulator, options).catch(fail))
  process.stdout.write(`${options.json ? bannerJson(emulator) : banner(emulator, options.miniprogram)}\n`)
  if (!options.json) process.stdout.write(trafficHint(emulator, options.backend))
}

main().catch(fail)
