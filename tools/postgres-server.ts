import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import process from 'node:process'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client, type ClientConfig, Pool, type PoolConfig } from 'pg'
import { freePort } from './free-port.ts'
import { stopWhereItIs } from './stop-where-it-is.ts'
import { postgresqlFolders } from './system-packages.mjs'

/** PostgreSQL's names for the three ways in which its server ends: in order, at once, and by a crash. */
export type EndSignal = 'SIGINT' | 'SIGQUIT' | 'SIGKILL'

/** A PostgreSQL server of the machine's own programs, in a temporary folder and on a free port. */
export interface TestServer {
  /** Of its first process, whose children do the work. */
  pid(): number
  readonly port: number
  readonly password: string
  /** With user, password and what stands behind the `?`. */
  url(database: string, query?: string): string
  /** A new and empty database, or a copy of one to which nobody is connected. */
  createDatabase(template?: string): Promise<string>
  pool(database: string, config?: PoolConfig): Pool
  /** With the connection of an administrator. */
  ask(database: string, text: string): Promise<Record<string, unknown>[]>
  stop(signal?: EndSignal): Promise<void>
  start(): Promise<void>
  /** All its processes stop where they are, and it is silent as one behind a cut network. */
  freeze(): void
  /** They go on. */
  thaw(): void
  /** A standby of this server, which says `name` of itself. */
  startStandby(name: string): Promise<TestServer>
  /** Makes a standby the primary. */
  promote(): Promise<void>
  /** Stops it and takes its folder away. */
  remove(): Promise<void>
}

export interface ServerSettings {
  /** Whether it syncs to disk; only for tests that take it down, since it costs time. */
  readonly isDurable?: boolean
  /** Beside our own, or instead of them. */
  readonly settings?: Readonly<Record<string, string>>
  /** Where its folder is made; the system's folder for temporary files by default. */
  readonly parent?: string
}

export async function startPostgres(settings: ServerSettings = {}): Promise<TestServer> {
  return runCluster(makeCluster(settings))
}

async function runCluster(cluster: Cluster): Promise<TestServer> {
  const port = await freePort()
  const { folder, password } = cluster
  const life = lifeOf(cluster, port)
  const access = (database: string) => ({ host: '127.0.0.1', port, user: 'yaopai', password, database })
  const ask = (database: string, text: string) => askOnce(access(database), text)
  let databases = 0
  await life.start()
  return {
    ...life,
    port,
    password,
    ask,
    url: (database, query = '') => `postgres://yaopai:${password}@127.0.0.1:${port}/${database}${query}`,
    // Without a listener a connection that the server ends while nobody uses it would end the test.
    pool: (database, config) => new Pool({ ...access(database), ...config }).on('error', () => undefined),
    async createDatabase(template = 'template0') {
      databases += 1
      const name = `book_${databases}`
      await ask('postgres', `CREATE DATABASE ${name} TEMPLATE ${template}`)
      return name
    },
    startStandby: (name) => runCluster(copyCluster(cluster, port, name)),
    promote: async () => void (await ask('postgres', 'SELECT pg_promote(true, 30)')),
    async remove() {
      await life.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function lifeOf(
  cluster: Cluster,
  port: number,
): Pick<TestServer, 'pid' | 'start' | 'stop' | 'freeze' | 'thaw'> {
  let running: ChildProcess | null = null
  return {
    pid: () => running?.pid ?? 0,
    freeze() {
      // Once it has stopped it has no more children.
      if (running?.pid === undefined) return
      stopWhereItIs(running.pid)
      for (const pid of childrenOf(running)) stopWhereItIs(pid)
    },
    thaw() {
      if (running === null) return
      for (const pid of childrenOf(running)) wake(pid)
      running.kill('SIGCONT')
    },
    async start() {
      running = await startPatiently(cluster, port)
    },
    async stop(signal: EndSignal = 'SIGINT') {
      const child = running
      running = null
      if (child === null) return
      const gone = once(child, 'exit')
      child.kill(signal)
      await gone
    },
  }
}

/** One that had a signal to end waiting for it is gone as soon as its parent wakes up. */
function wake(pid: number): void {
  try {
    process.kill(pid, 'SIGCONT')
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}

function childrenOf({ pid }: ChildProcess): number[] {
  const { stdout } = spawnSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' })
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map(Number)
}

async function askOnce(access: ClientConfig, text: string): Promise<Record<string, unknown>[]> {
  const client = new Client(access)
  await client.connect()
  try {
    return (await client.query(text)).rows
  } finally {
    await client.end()
  }
}

interface Cluster {
  readonly folder: string
  readonly password: string
  readonly owner: Owner
  readonly isDurable: boolean
  readonly settings: Readonly<Record<string, string>>
}

/** In a locale that sorts words, not bytes: nothing may lean on the order that a developer's database happens to have. */
function makeCluster({ isDurable = false, settings = {}, parent = tmpdir() }: ServerSettings): Cluster {
  const owner = unprivilegedOwner()
  const folder = makeFolder(owner, parent)
  const password = randomBytes(16).toString('hex')
  const passwordFile = join(folder, 'password')
  writeFileSync(passwordFile, password, { mode: 0o600 })
  give(passwordFile, owner)
  const locale = ['--encoding=UTF8', '--locale=C', ...sortingLocale(owner)]
  const access = ['-U', 'yaopai', '--auth=password', `--pwfile=${passwordFile}`]
  runTool({ folder, owner }, 'initdb', ['-D', join(folder, 'data'), ...access, ...locale, '--no-sync'])
  return { folder, password, owner, isDurable, settings }
}

/** Before 15 a server had no locale that every machine has and that sorts words. */
function sortingLocale(owner: Owner): string[] {
  const { stdout } = spawnSync('initdb', ['--help'], { ...spawnOptions(owner), encoding: 'utf8' })
  return stdout.includes('--icu-locale') ? ['--locale-provider=icu', '--icu-locale=en-US'] : []
}

function copyCluster({ password, owner, isDurable }: Cluster, port: number, name: string): Cluster {
  const folder = makeFolder(owner, tmpdir())
  const primary = `host=127.0.0.1 port=${port} user=yaopai password=${password} application_name=${name}`
  runTool({ folder, owner }, 'pg_basebackup', [
    ...['-D', join(folder, 'data'), '-d', primary, '--write-recovery-conf'],
    ...['--checkpoint=fast', '--wal-method=stream', '--no-sync'],
  ])
  return { folder, password, owner, isDurable, settings: {} }
}

function makeFolder(owner: Owner, parent: string): string {
  const folder = mkdtempSync(join(parent, 'yaopai-postgres-'))
  give(folder, owner)
  return folder
}

function give(path: string, { uid, gid }: Owner): void {
  if (uid !== undefined) chownSync(path, uid, gid ?? uid)
}

function runTool({ folder, owner }: Pick<Cluster, 'folder' | 'owner'>, tool: string, args: string[]): void {
  const { status, stderr } = spawnSync(tool, args, { ...spawnOptions(owner), cwd: folder, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${tool} failed: ${stderr}`)
}

const START_PATIENCE_MS = 30_000
const START_PAUSE_MS = 50

/**
 * After a kill its last processes may still be about to end, perhaps once a slow disk has answered them, and hold the
 * memory that a new server needs; and while there was none, somebody's connection may have gone out by its port.
 */
async function startPatiently(
  cluster: Cluster,
  port: number,
  untilMs = performance.now() + START_PATIENCE_MS,
): Promise<ChildProcess> {
  try {
    return await startServer(cluster, port)
  } catch (error) {
    const isPassing = /shared memory|could not bind/.test(String(error))
    if (!isPassing || performance.now() > untilMs) throw error
    await sleep(START_PAUSE_MS)
    return startPatiently(cluster, port, untilMs)
  }
}

async function startServer(
  { folder, owner, isDurable, settings: own }: Cluster,
  port: number,
): Promise<ChildProcess> {
  const sync = isDurable ? 'on' : 'off'
  const settings: Record<string, string> = {
    port: String(port),
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    fsync: sync,
    full_page_writes: sync,
    max_connections: '60',
    shared_buffers: '16MB',
    autovacuum: 'off',
    ...own,
  }
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const child = spawn('postgres', ['-D', join(folder, 'data'), ...args], {
    ...spawnOptions(owner),
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const end = (): void => void child.kill('SIGQUIT')
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
      if (/ready to accept (read-only )?connections/.test(line)) resolve()
    })
    lines.on('close', () => reject(new Error(`postgres ended: ${said.join('\n')}`)))
    child.once('error', reject)
  })
}

interface Owner {
  readonly uid?: number
  readonly gid?: number
}

/** PostgreSQL refuses to run as root; then Debian's own user for it will do, else the user for nobody's files. */
function unprivilegedOwner(): Owner {
  if (process.getuid?.() !== 0) return {}
  const { status } = spawnSync('id', ['-u', 'postgres'])
  const name = status === 0 ? 'postgres' : 'nobody'
  const idOf = (flag: string): number => Number(execFileSync('id', [flag, name], { encoding: 'utf8' }))
  return { uid: idOf('-u'), gid: idOf('-g') }
}

function spawnOptions(owner: Owner): { env: NodeJS.ProcessEnv } & Owner {
  const PATH = [...postgresqlFolders(), process.env['PATH']].join(delimiter)
  return { ...owner, env: { ...process.env, PATH, LC_ALL: 'C' } }
}
