import { join } from 'node:path'
import process from 'node:process'
import { freePort } from '../../tools/free-port.ts'
import { LOAD_CORE, type Running, start } from '../lib/process.ts'

/** A WeChat on the load generator's core that answers so long after it was asked. */
export async function startInstantWechat(delayMs: number): Promise<Running> {
  const port = await freePort()
  const script = join(import.meta.dirname, 'instant-wechat.mjs')
  return start({
    core: LOAD_CORE,
    command: [process.execPath, script, String(port), String(delayMs)],
    url: `http://127.0.0.1:${port}`,
    readyPath: '/sns/jscode2session?js_code=00',
  })
}
