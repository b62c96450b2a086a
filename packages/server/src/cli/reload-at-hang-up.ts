import process from 'node:process'
import { loadConfig } from '../lib/load-config/load-config.ts'
import type { Telemetry } from '../lib/telemetry.ts'
import type { YaopaiServer } from '../main.ts'
import { configInput } from './read-config.ts'

/**
 * At SIGHUP files are read again, and keys and apps taken over with no request lost. What does not fit changes
 * nothing and is told in the log. The environment of a process stays as it was, so keys that change stand in files.
 */
export function reloadAtHangUp(server: Pick<YaopaiServer, 'reload'>, log: Telemetry['log']): void {
  process.on('SIGHUP', () => {
    const loaded = loadConfig(configInput())
    if (!loaded.ok) {
      for (const { setting, problem, cure } of loaded.problems)
        log('error', 'config.reload_failed', { setting, problem, cure })
      return
    }
    const { apps, backends, masterKeys } = loaded.config
    server.reload(loaded.config)
    const kids = masterKeys.map(({ kid }) => kid).join(' ')
    log('info', 'config.reloaded', { apps: apps.length, apiKeys: backends.length, masterKeys: kids })
  })
}
