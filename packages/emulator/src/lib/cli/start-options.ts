import { readFile } from 'node:fs/promises'
import type { TlsFiles } from '../http/listen.ts'
import { EmulatorError } from '../machine.ts'
import type { StartOptions } from '../start-emulator.ts'
import type { EmulatorState } from '../state/saved-state.ts'
import { readStateFile } from '../state/state-file.ts'
import type { App } from '../state/world.ts'

/** The command line, as commander hands it over. */
export interface CliOptions {
  port: number
  host: string
  seed?: string
  randomSeed?: string
  exportOnExit?: string
  dev?: string
  tlsCert?: string
  tlsKey?: string
  app?: Record<string, App>
  demo?: boolean
  miniprogram?: string
  backend?: string[]
  tap?: Record<string, string>
  json?: boolean
}

async function readPem(flag: string, file: string): Promise<Buffer> {
  try {
    return await readFile(file)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new EmulatorError('no_tls_file', reason, `give ${flag} a PEM file that is there and readable`)
  }
}

async function tlsOf({ tlsCert, tlsKey }: CliOptions): Promise<TlsFiles | undefined> {
  if (tlsCert === undefined && tlsKey === undefined) return undefined
  if (tlsCert === undefined || tlsKey === undefined) {
    throw new EmulatorError(
      'half_tls',
      'TLS needs a certificate and its key',
      'give --tls-cert and --tls-key',
    )
  }
  return { cert: await readPem('--tls-cert', tlsCert), key: await readPem('--tls-key', tlsKey) }
}

/**
 * What the command line means. With neither a seed file nor an app of one's own there is the demo.
 *
 * @throws {EmulatorError} naming the flag and the cure
 */
export async function startOptionsOf(cli: CliOptions): Promise<StartOptions> {
  const seeded: EmulatorState = cli.seed === undefined ? {} : await readStateFile(cli.seed)
  const state = { ...seeded, apps: { ...seeded.apps, ...cli.app } }
  const isEmpty = cli.seed === undefined && cli.app === undefined
  return {
    port: cli.port,
    host: cli.host,
    state,
    randomSeed: cli.randomSeed,
    devUrl: cli.dev,
    demo: cli.demo ?? isEmpty,
    tls: await tlsOf(cli),
    miniprogram: cli.miniprogram,
    backends: cli.backend,
    taps: cli.tap,
    log: (line) => process.stderr.write(`${line}\n`),
  }
}
