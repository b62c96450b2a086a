import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { freePort } from '../../tools/free-port.ts'
import { type Running, SERVER_CORE, start } from '../lib/process.ts'

const FOLDER = join(import.meta.dirname, 'django-origin')

interface DjangoOrder {
  readonly database: string
  readonly wechatUrl: string
  /** gthread workers that keep connections and no middleware; else gunicorn's and Django's defaults. */
  readonly isTuned: boolean
}

/** The tutorial's own views under gunicorn, one worker on one core. */
export async function startDjango(order: DjangoOrder): Promise<Running> {
  const port = await freePort()
  const tuning = order.isTuned ? ['-k', 'gthread', '--threads', '4', '--keep-alive', '75'] : []
  return start({
    core: SERVER_CORE,
    command: [
      'gunicorn',
      '-w',
      '1',
      '-b',
      `127.0.0.1:${port}`,
      '--log-level',
      'error',
      ...tuning,
      'origin.wsgi',
    ],
    env: envOf(order),
    cwd: FOLDER,
    url: `http://127.0.0.1:${port}`,
    readyPath: '/nothing',
  })
}

/** Its tables with that many users; some of their login states go into a file. */
export function seedDjango(order: DjangoOrder, rows: number, statesFile: string): void {
  execFileSync('/usr/bin/python3', ['seed.py', String(rows), statesFile], {
    cwd: FOLDER,
    env: { ...process.env, ...envOf(order) },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
}

function envOf(order: DjangoOrder): Record<string, string> {
  return {
    ORIGIN_DB: order.database,
    WECHAT: order.wechatUrl,
    PYTHONDONTWRITEBYTECODE: '1',
    ...(order.isTuned ? { TUNED: '1' } : {}),
  }
}
