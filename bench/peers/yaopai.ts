import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import process from 'node:process'
import { freePort } from '../../tools/free-port.ts'
import { type Running, SERVER_CORE, start } from '../lib/process.ts'

const CLI = join(import.meta.dirname, '../../packages/server/dist/cli.js')
/** The built server's writer thread: from source a thread cannot start. */
export const WRITER_THREAD = new URL(
  '../../packages/server/dist/lib/store/sqlite/writer-thread.js',
  import.meta.url,
)
export const APPID = 'wx0000000000000000'
/** Nobody listens there: what is measured asks WeChat nothing. */
export const NO_WECHAT = 'http://127.0.0.1:9'
const MASTER_KEY = `bench:${randomBytes(32).toString('base64')}`

export interface YaopaiServer extends Running {
  readonly internalUrl: string
}

/** The built server in production mode, as its operator would start it. */
export async function startYaopai(order: {
  databaseFile: string
  wechatUrl: string
  /** Settings beside the usual ones. */
  env?: Readonly<Record<string, string>>
}): Promise<YaopaiServer> {
  const [port, internalPort] = [await freePort(), await freePort()]
  const running = await start({
    core: SERVER_CORE,
    command: [process.execPath, CLI, 'serve'],
    env: { ...yaopaiEnv({ ...order, port, internalPort }), ...order.env },
    url: `http://127.0.0.1:${port}`,
    readyPath: '/readyz',
  })
  return { ...running, internalUrl: `http://127.0.0.1:${internalPort}` }
}

export function yaopaiEnv(order: {
  databaseFile: string
  wechatUrl: string
  port: number
  internalPort: number
}): Record<string, string> {
  return {
    NODE_ENV: 'production',
    PORT: String(order.port),
    INTERNAL_PORT: String(order.internalPort),
    DATABASE_URL: `file:${order.databaseFile}`,
    WECHAT_APPID: APPID,
    WECHAT_SECRET: '0'.repeat(32),
    WECHAT_API_BASE: order.wechatUrl,
    YAOPAI_INSECURE_EMULATOR: '1',
    YAOPAI_MASTER_KEY: MASTER_KEY,
    LOGIN_LIMIT_PER_IP: '1000000',
    EXCHANGE_LIMIT_PER_APP: '100000000',
    LOG_LEVEL: 'error',
  }
}
