import process from 'node:process'
import type { Config } from '../lib/config.ts'
import { ConfigError } from '../lib/load-config/config-error.ts'
import type { LoadedConfig } from '../lib/load-config/load-config.ts'
import { Secret } from '../lib/secret.ts'
import type { Telemetry } from '../lib/telemetry.ts'
import type { Reloadable } from '../main/live-config.ts'
import type { YaopaiServer } from '../main.ts'

interface Reloading {
  readonly log: Telemetry['log']
  /** What the server starts with. */
  readonly config: Config
  readonly load: () => LoadedConfig
  /** Whether the server that starts has a configuration file. */
  readonly hasFile: boolean
}

interface Reloads {
  /** From now on there is a server to tell; what was asked for while it started is done now. */
  begin(server: Pick<YaopaiServer, 'reload'>): void
}

/**
 * At SIGHUP files are read again, and keys and apps taken over with no request lost. What does not fit changes
 * nothing and is told in the log. The environment of a process stays as it was, so keys that change stand in files.
 * Called before the server starts: a process that does not listen to the signal ends by it.
 */
export function reloadAtHangUp({ log, config, load, hasFile }: Reloading): Reloads {
  let server: Pick<YaopaiServer, 'reload'> | null = null
  let isAsked = false
  let hadFile = hasFile
  const reload = () => {
    if (server === null) return
    const loaded = load()
    if (!loaded.ok) return tellProblems(log, loaded.problems)
    if (hadFile && !loaded.hasFile) return tellProblems(log, [FILE_IS_GONE])
    const { apps, backends, masterKeys } = loaded.config
    server.reload(loaded.config)
    hadFile = loaded.hasFile
    const kids = masterKeys.map(({ kid }) => kid).join(' ')
    log('info', 'config.reloaded', { apps: apps.length, apiKeys: backends.length, masterKeys: kids })
    const waiting = waitingForRestart(config, loaded.config)
    if (waiting.length > 0) log('warn', 'config.needs_restart', { settings: waiting.join(' ') })
  }
  const tryReload = () => {
    isAsked = server === null
    try {
      reload()
    } catch (error) {
      if (error instanceof ConfigError) return tellProblems(log, error.problems)
      const problem = error instanceof Error ? error.message : ''
      log('error', 'config.reload_failed', { setting: 'SIGHUP', problem, cure: RESTART })
    }
  }
  process.on('SIGHUP', tryReload)
  return {
    begin(running) {
      server = running
      if (isAsked) tryReload()
    },
  }
}

const TAKEN_OVER: readonly string[] = ['apps', 'backends', 'masterKeys'] satisfies (keyof Reloadable)[]

/** Settings that were changed and hold from the next start on. */
function waitingForRestart(present: Config, next: Config): string[] {
  const names = Object.keys(present) as (keyof Config)[]
  const changed = names.filter((name) => textOf(present[name]) !== textOf(next[name]))
  return changed.filter((name) => !TAKEN_OVER.includes(name)).sort()
}

/** To compare, and for nobody to see: secrets are told apart. */
function textOf(value: unknown): string {
  return JSON.stringify(value, function (this: Record<string, unknown>, name: string, shown: unknown) {
    const own = this[name]
    return own instanceof Secret ? own.reveal() : shown
  })
}

const RESTART = 'What held before holds on; a restart reads all of it'
/** Between two steps of an editor, perhaps. Apps and keys must not go because of that. */
const FILE_IS_GONE = {
  setting: 'YAOPAI_CONFIG',
  problem: 'the configuration file is not there any more',
  cure: 'Put it back and send SIGHUP again; to go on without it, restart',
}

type Problems = Extract<LoadedConfig, { ok: false }>['problems']

function tellProblems(log: Telemetry['log'], problems: Problems): void {
  for (const { setting, problem, cure } of problems)
    log('error', 'config.reload_failed', { setting, problem, cure })
}
