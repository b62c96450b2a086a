import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { freePort } from '../free-port.ts'
import { root } from '../setup.mjs'
import { nodeFlags } from './run-samples.ts'

const defaultPorts = { PORT: 8787, EMULATOR_PORT: 8788, INTERNAL_PORT: 8789, DEMO_PORT: 8790 }

/** What `npm start` runs, on free ports and an empty folder of its own. */
export type Demo = {
  /** The text with the default ports on this machine replaced by the free ones. */
  withPorts(text: string): string
  stop(): Promise<void>
}

/**
 * Starts the demo and waits until it is ready.
 * @throws {Error} with what it printed, when it ends early or is not ready in time
 */
export async function startDemo(readyWithinMs = 60_000): Promise<Demo> {
  const folder = mkdtempSync(join(tmpdir(), 'yaopai-demo-'))
  const ports = await freePorts()
  const env = { ...process.env, ...ports, NODE_TEST_CONTEXT: '' }
  const child = spawn(process.execPath, [...nodeFlags, join(root, 'tools', 'demo.ts')], { cwd: folder, env })
  let output = ''
  child.stdout.on('data', (chunk) => (output += chunk))
  child.stderr.on('data', (chunk) => (output += chunk))
  const stop = async () => {
    await end(child)
    rmSync(folder, { recursive: true, force: true })
  }
  if (await isReady(child, `http://127.0.0.1:${ports.PORT}/readyz`, readyWithinMs)) {
    return { withPorts: (text) => replacePorts(text, ports), stop }
  }
  await stop()
  throw new Error(`The demo was not ready within ${readyWithinMs / 1000} s. It printed:\n${output}`)
}

type Ports = Record<keyof typeof defaultPorts, string>

function replacePorts(text: string, ports: Ports): string {
  const byDefault = new Map(
    Object.entries(defaultPorts).map(([name, port]) => [String(port), ports[name as keyof Ports]]),
  )
  return text.replaceAll(/(127\.0\.0\.1|localhost):(\d+)/g, (whole, host, port) => {
    const free = byDefault.get(port)
    return free === undefined ? whole : `${host}:${free}`
  })
}

async function freePorts(): Promise<Ports> {
  const port = async () => String(await freePort())
  return {
    PORT: await port(),
    EMULATOR_PORT: await port(),
    INTERNAL_PORT: await port(),
    DEMO_PORT: await port(),
  }
}

async function isReady(child: ChildProcess, url: string, withinMs: number): Promise<boolean> {
  const untilMs = Date.now() + withinMs
  while (Date.now() < untilMs && child.exitCode === null) {
    const ready = await fetch(url).then(
      (response) => response.ok,
      () => false,
    )
    if (ready) return true
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  return false
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), 15_000)
  await ended
  clearTimeout(timer)
}
