// What npm start runs: WeChat's emulator, the server, and a back end that knows who calls.
import { join } from 'node:path'
import process from 'node:process'
import { picture } from './demo/picture.ts'
import { DemoError, readPorts } from './demo/ports.ts'
import { type Demo, startDemo } from './demo/start-demo.ts'
import { buildBrowser } from './package/build-browser.ts'
import { bundleForReaders, clientInExample } from './package/build-miniprogram.ts'
import { miniprogramPackage } from './package/build-package.ts'
import { root } from './setup.mjs'

const EXIT_CONFIG = 78
const STOP_WITHIN_MS = 15_000

const warn = (line: string) => process.stderr.write(`${line}\n`)

function fail(error: unknown): never {
  warn(error instanceof Error ? error.message : String(error))
  const exitCode = error instanceof Error && 'exitCode' in error ? Number(error.exitCode) : 1
  process.exit(error instanceof DemoError ? EXIT_CONFIG : exitCode)
}

function stopOnSignal(demo: Demo): void {
  let isStopping = false
  const stop = () => {
    if (isStopping) process.exit(1)
    isStopping = true
    setTimeout(() => process.exit(1), STOP_WITHIN_MS).unref()
    demo.stop().then(() => process.exit(0), fail)
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop)
}

async function main(): Promise<void> {
  buildBrowser({ hasMaps: true })
  bundleForReaders(miniprogramPackage, clientInExample)
  const folder = join(process.cwd(), '.yaopai')
  const databaseUrl = process.env['DATABASE_URL']?.trim() || `file:${join(folder, 'yaopai.db')}`
  const ports = readPorts(process.env)
  const miniprogram = join(root, 'examples/miniprogram')
  const demo = await startDemo({ ports, folder, databaseUrl, miniprogram, warn, onFatal: fail })
  stopOnSignal(demo)
  const isColoured = process.stdout.isTTY === true && !process.env['NO_COLOR']
  process.stdout.write(picture(demo, { isColoured, isWindows: process.platform === 'win32' }))
}

main().catch(fail)
