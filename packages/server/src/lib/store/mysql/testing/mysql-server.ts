import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, existsSync, mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import process from 'node:process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { createConnection, createPool, type Pool, type PoolOptions } from 'mysql2'
import { freePort } from '../../../../../../../tools/free-port.ts'
import { stopWhereItIs } from '../../../../../../../tools/stop-where-it-is.ts'
import { systemPackages } from '../../../../../../../tools/system-packages.mjs'

/** A MariaDB server of the machine's own programs (or the MySQL that YAOPAI_MYSQLD names), in a temporary folder and on a free port. */
export interface TestServer {
  readonly port: number
  /** A new and empty database. */
  createDatabase(options?: string): Promise<string>
  pool(database: string, options?: PoolOptions): Pool
  urlOf(database: string): string
  /** With the connection of an administrator. */
  ask(database: string | null, text: string): Promise<Record<string, unknown>[]>
  /** SIGTERM ends it in order. */
  stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>
  start(): Promise<void>
  /** It stops where it is, and is silent as one behind a cut network. */
  freeze(): void
  /** It goes on. */
  thaw(): void
  /** Stops it and takes its folder away. */
  remove(): Promise<void>
}

const ADMIN = 'root'

/**
 * @param settings of the server, beside or instead of ours. None of ours syncs to disk: what a killed process has
 * written is kept by the system, and only a power failure would tell the difference
 */
export async function startMysql(settings: Readonly<Record<string, string>> = {}): Promise<TestServer> {
  const cluster = { ...makeCluster(), settings }
  const port = await freePort()
  let running: ChildProcess | null = null
  let databases = 0

  const start = async (): Promise<void> => {
    running = await startServer(cluster, port)
  }
  const stop = async (signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> => {
    const child = running
    running = null
    if (child === null) return
    const gone = once(child, 'exit')
    child.kill(signal)
    child.kill('SIGCONT')
    await gone
  }
  const access = { host: '127.0.0.1', port, user: ADMIN, multipleStatements: true }
  const ask = async (database: string | null, text: string): Promise<Record<string, unknown>[]> => {
    const connection = createConnection({ ...access, ...(database !== null && { database }) }).promise()
    try {
      return (await connection.query(text))[0] as Record<string, unknown>[]
    } finally {
      await connection.end()
    }
  }

  await start()
  return {
    port,
    ask,
    start,
    stop,
    freeze: () => running?.pid !== undefined && stopWhereItIs(running.pid),
    thaw: () => void running?.kill('SIGCONT'),
    pool: (database, options) => createPool({ ...access, database, ...options }),
    urlOf: (database) => `mysql://${ADMIN}@127.0.0.1:${port}/${database}`,
    async createDatabase(options = '') {
      databases += 1
      const name = `book_${databases}`
      await ask(null, `CREATE DATABASE ${name} ${options}`)
      return name
    },
    async remove() {
      await stop('SIGKILL')
      rmSync(cluster.folder, { recursive: true, force: true })
    },
  }
}

interface Cluster {
  readonly folder: string
  readonly owner: Owner
  readonly settings: Readonly<Record<string, string>>
}

/** Small and quick to start, and with defaults that differ from what the store needs, so that it must not lean on them. */
const SETTINGS: Readonly<Record<string, string>> = {
  'bind-address': '127.0.0.1',
  'character-set-server': 'latin1',
  'default-time-zone': '+08:00',
  'sql-mode': 'ANSI',
  'transaction-isolation': 'SERIALIZABLE',
  'innodb-file-per-table': '0',
  'innodb-buffer-pool-size': '32M',
  'max-connections': '100',
  'performance-schema': 'OFF',
}

/** In what MariaDB and MySQL differ as programs. */
interface Engine {
  readonly server: string
  readonly settings: Readonly<Record<string, string>>
  /** Fills the folder for data, which is named last. */
  readonly install: readonly [command: string, ...args: string[]]
}

const MARIADB: Engine = {
  server: 'mariadbd',
  settings: {
    'default-storage-engine': 'Aria',
    'innodb-flush-method': 'nosync',
    'innodb-log-file-size': '16M',
    'sync-frm': '0',
  },
  install: [
    ...(['mariadb-install-db', '--no-defaults', '--skip-test-db'] as const),
    ...['--skip-name-resolve', '--auth-root-authentication-method=normal', '--innodb-flush-method=nosync'],
  ],
}

/** MySQL itself, by the path of its server's program. The administrator may come over TCP, as MariaDB's may. */
function mysqlEngine(server: string): Engine {
  return {
    server,
    settings: {
      'default-storage-engine': 'MyISAM',
      'innodb-redo-log-capacity': '32M',
      mysqlx: 'OFF',
      'tls-version': '',
    },
    install: [
      ...([server, '--no-defaults', '--initialize-insecure'] as const),
      `--init-file=${fileURLToPath(new URL('mysql-admin.sql', import.meta.url))}`,
    ],
  }
}

const { YAOPAI_MYSQLD: own } = process.env
const ENGINE = own === undefined ? MARIADB : mysqlEngine(own)

function makeCluster(): Pick<Cluster, 'folder' | 'owner'> {
  const folder = mkdtempSync(join(placeFor(ROOM_BYTES), 'yaopai-mysql-'))
  const owner = unprivilegedOwner()
  if (owner.uid !== undefined) chownSync(folder, owner.uid, owner.gid ?? owner.uid)
  const [command, ...args] = ENGINE.install
  const { status, stderr } = spawnSync(command, [...args, `--datadir=${join(folder, 'data')}`], {
    ...spawnOptions(owner),
    cwd: folder,
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`${command} failed: ${stderr}`)
  return { folder, owner }
}

const MEMORY = '/dev/shm'
const ROOM_BYTES = 1_000_000_000

/** In memory where there is plenty of it: this server syncs tables that it makes whatever it is told. */
function placeFor(bytes: number): string {
  if (!existsSync(MEMORY)) return tmpdir()
  const { bavail, bsize } = statfsSync(MEMORY)
  return bavail * bsize > bytes ? MEMORY : tmpdir()
}

async function startServer({ folder, owner, settings }: Cluster, port: number): Promise<ChildProcess> {
  const all = { ...SETTINGS, ...ENGINE.settings, ...settings, port: String(port) }
  const args = ['--no-defaults', '--skip-name-resolve', `--datadir=${join(folder, 'data')}`]
  const own = [`--socket=${join(folder, 'socket')}`, `--pid-file=${join(folder, 'pid')}`]
  const given = Object.entries(all).map(([name, value]) => `--${name}=${value}`)
  const child = spawn(ENGINE.server, [...args, ...own, ...given], {
    ...spawnOptions(owner),
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const end = (): void => void child.kill('SIGKILL')
  process.once('exit', end)
  child.once('exit', () => process.removeListener('exit', end))
  await untilReady(child)
  return child
}

/** Its log says when; the rest of it is read and dropped, so that the server never waits for us. */
async function untilReady(child: ChildProcess): Promise<void> {
  if (child.stderr === null) throw new Error('The server has no log')
  const lines = createInterface(child.stderr)
  const said: string[] = []
  await new Promise<void>((resolve, reject) => {
    lines.on('line', (line) => {
      said.push(line)
      if (line.includes('ready for connections')) resolve()
    })
    lines.on('close', () => reject(new Error(`${ENGINE.server} ended: ${said.join('\n')}`)))
    child.once('error', reject)
  })
}

interface Owner {
  readonly uid?: number
  readonly gid?: number
}

/** MariaDB refuses to run as root; then Debian's own user for it will do, else the user for nobody's files. */
function unprivilegedOwner(): Owner {
  if (process.getuid?.() !== 0) return {}
  const { status } = spawnSync('id', ['-u', 'mysql'])
  const name = status === 0 ? 'mysql' : 'nobody'
  const idOf = (flag: string): number => Number(execFileSync('id', [flag, name], { encoding: 'utf8' }))
  return { uid: idOf('-u'), gid: idOf('-g') }
}

function spawnOptions(owner: Owner): { env: NodeJS.ProcessEnv } & Owner {
  const PATH = [process.env['PATH'], ...(systemPackages.mariadb.paths ?? [])].join(delimiter)
  return { ...owner, env: { ...process.env, PATH, LC_ALL: 'C' } }
}
