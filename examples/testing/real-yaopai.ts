import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { DEMO_APP, type Emulator, type StartOptions, startEmulator } from '@yaopai/wechat-emulator'
import { newApiKey, newMasterKey } from 'yaopai'
import { freePort } from '../../tools/free-port.ts'
import { programArgs } from '../../tools/testing/programs.ts'

const START_TIMEOUT_MS = 60_000

interface LoginAnswer {
  readonly token: string
  readonly user: { readonly id: string }
  readonly session: { readonly id: string }
}

export interface RealYaopai {
  readonly publicUrl: string
  readonly internalUrl: string
  readonly apiKey: string
  /** WeChat, for phones that log in themselves: `createWx({ emulator, … })`. */
  readonly emulator: Emulator
  /** Logs a demo user in as the mini program would. */
  login(user: string): Promise<{ token: string; userId: string; sessionId: string }>
  /** Ends the server's process by kill -9. */
  kill(): Promise<void>
  /** Starts it again on the same ports and the same file. */
  restart(): Promise<void>
  stop(): Promise<void>
}

/**
 * The emulator, and `yaopai serve` in a process of its own with a file of its own, on free ports. `emulation`: what the
 * emulator gets beyond the demo's app and users.
 */
export async function startRealYaopai(emulation: StartOptions = {}): Promise<RealYaopai> {
  const folder = await mkdtemp(join(tmpdir(), 'yaopai-example-'))
  const emulator = await startEmulator({ demo: true, ...emulation })
  const [port, internalPort] = [await freePort(), await freePort()]
  const apiKey = newApiKey()
  const env: NodeJS.ProcessEnv = {
    PATH: process.env['PATH'] ?? '',
    PORT: String(port),
    INTERNAL_PORT: String(internalPort),
    DATABASE_URL: `file:${join(folder, 'yaopai.db')}`,
    WECHAT_APPID: DEMO_APP.appid,
    WECHAT_SECRET: DEMO_APP.secret,
    WECHAT_API_BASE: emulator.url,
    YAOPAI_INSECURE_EMULATOR: '1',
    YAOPAI_MASTER_KEY: newMasterKey('k1'),
    YAOPAI_API_KEYS: `shop:introspect+admin:${apiKey}`,
  }
  const publicUrl = `http://127.0.0.1:${port}`
  const letGo = async () => {
    await emulator.close()
    await rm(folder, { recursive: true, force: true })
  }
  let server = await startServer(env, folder, publicUrl).catch(async (error: unknown) => {
    await letGo()
    throw error
  })
  return {
    publicUrl,
    internalUrl: `http://127.0.0.1:${internalPort}`,
    apiKey,
    emulator,
    login: async (user) => {
      const { code } = emulator.login({ appid: DEMO_APP.appid, user })
      const response = await fetch(`${publicUrl}/login`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ code }),
      })
      // The shape that protocol.ts gives to this answer; a refusal shows below as an undefined token.
      const answer = (await response.json()) as LoginAnswer
      assert.equal(response.status, 200, JSON.stringify(answer))
      return { token: answer.token, userId: answer.user.id, sessionId: answer.session.id }
    },
    kill: () => ended(server, 'SIGKILL'),
    restart: async () => {
      server = await startServer(env, folder, publicUrl)
    },
    stop: async () => {
      await ended(server, 'SIGTERM')
      await letGo()
    },
  }
}

async function startServer(env: NodeJS.ProcessEnv, cwd: string, publicUrl: string): Promise<ChildProcess> {
  const args = [...(await programArgs('yaopai')), 'serve']
  const child = spawn(process.execPath, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-4096)
    })
  }
  const deadlineMs = Date.now() + START_TIMEOUT_MS
  while (!(await isReady(publicUrl))) {
    if (child.exitCode === null && Date.now() < deadlineMs) {
      await sleep(50)
      continue
    }
    await ended(child, 'SIGKILL')
    throw new Error(`yaopai serve is not ready:\n${output}`)
  }
  return child
}

async function isReady(publicUrl: string): Promise<boolean> {
  try {
    return (await fetch(`${publicUrl}/readyz`)).status === 200
  } catch {
    return false
  }
}

async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill(signal)
  await once(child, 'exit')
}
