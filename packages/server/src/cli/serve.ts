import process from 'node:process'
import type { OffsetClock } from '../lib/clock.ts'
import type { Config } from '../lib/config.ts'
import { loadConfig } from '../lib/load-config/load-config.ts'
import { createLog, openStdout } from '../lib/telemetry-log.ts'
import { VERSION } from '../lib/version.ts'
import type { YaopaiServer } from '../main.ts'
import { reportWarnings } from './exit.ts'
import { nameHolder } from './name-holder.ts'
import { configInput, readConfig } from './read-config.ts'
import { reloadAtHangUp } from './reload-at-hang-up.ts'
import { runUntilStopped } from './run-until-stopped.ts'
import { styled, type Terminal } from './terminal.ts'

const NO_BACKEND = {
  setting: 'YAOPAI_API_KEYS',
  problem: 'is not set, so no back end can ask who calls',
  cure: 'Set it to name:introspect:key; `yaopai keys new` makes a key',
}

/** `yaopai serve`: runs until it is told to stop; resolves with the exit code. */
export async function serve(terminal: Terminal): Promise<number> {
  const { config, hasFile } = readConfig(terminal)
  if (config.backends.length === 0) reportWarnings([NO_BACKEND], terminal)
  return serveWith(config, terminal, { announce: sayWhere, reloadsAtHangUp: { hasFile } })
}

interface Beside {
  /** Says where to look. What it starts may be stopped by `stopBeside`. */
  readonly announce: (server: YaopaiServer, terminal: Terminal) => void | Promise<void>
  /** Stops what else runs in this process, after the server. */
  readonly stopBeside?: () => Promise<void>
  /** SIGHUP makes the server read its configuration again. A terminal that closes sends it too, and means the end. */
  readonly reloadsAtHangUp?: { readonly hasFile: boolean }
  /** Of `yaopai dev`; `serve` has none. */
  readonly devClock?: OffsetClock
}

export async function serveWith(config: Config, terminal: Terminal, beside: Beside): Promise<number> {
  const { announce, stopBeside, devClock, reloadsAtHangUp } = beside
  const stdout = openStdout()
  const log = createLog({ level: config.logLevel, destination: stdout })
  const reloads =
    reloadsAtHangUp === undefined || process.stdout.isTTY
      ? null
      : reloadAtHangUp({ log, config, load: () => loadConfig(configInput()), ...reloadsAtHangUp })
  const onFatal = (error: { readonly message: string; readonly exitCode: number }) => {
    log('error', 'store.fatal', { message: error.message })
    stdout.flushSync()
    terminal.complain({ error: error.message }, `${styled('red', 'error')}: ${error.message}`)
    process.exit(error.exitCode)
  }
  // Not loaded before the configuration is known to fit: a server that cannot start says so at once.
  const { createYaopaiServer } = await import('../main.ts')
  const server = await createYaopaiServer(config, {
    log,
    onFatal,
    ...(devClock === undefined ? {} : { devClock }),
  }).catch(nameHolder)
  const { publicUrl, internalUrl } = server
  log('info', 'server.started', {
    version: VERSION,
    node: process.version,
    publicUrl,
    internalUrl,
  })
  await announce(server, terminal)
  reloads?.begin(server)
  const close = async () => {
    await server.close()
    await stopBeside?.()
  }
  const exitCode = await runUntilStopped({ log, drain: server.drain, close })
  log('info', 'server.stopped', { exitCode })
  stdout.flushSync()
  return exitCode
}

function sayWhere({ publicUrl, internalUrl }: YaopaiServer, terminal: Terminal): void {
  terminal.say(`Yaopai ${VERSION}`)
  terminal.say(`  for mini programs  ${styled('cyan', publicUrl)}`)
  terminal.say(`  for back ends      ${styled('cyan', internalUrl)}  (never expose it)`)
}
