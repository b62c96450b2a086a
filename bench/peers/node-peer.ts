import { join } from 'node:path'
import process from 'node:process'
import { freePort } from '../../tools/free-port.ts'
import { type Running, SERVER_CORE, start } from '../lib/process.ts'

interface PeerOrder {
  /** File in this folder. */
  readonly script: string
  /** What follows the port. */
  readonly args: readonly string[]
  /** Another Node than the bench's own. */
  readonly node?: string
  readonly readyPath?: string
}

/** A peer in production mode on the servers' core. */
export async function startPeer({ script, args, node, readyPath = '/nothing' }: PeerOrder): Promise<Running> {
  const port = await freePort()
  return start({
    core: SERVER_CORE,
    command: [node ?? process.execPath, join(import.meta.dirname, script), String(port), ...args],
    env: { NODE_ENV: 'production', NODE_NO_WARNINGS: '1' },
    url: `http://127.0.0.1:${port}`,
    readyPath,
  })
}
