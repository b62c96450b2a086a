import type { RedisTarget } from '../config.ts'
import { Secret } from '../secret.ts'
import { complain, type Findings } from './findings.ts'
import type { Layers } from './layers.ts'
import type { Sources } from './scalars.ts'
import { secretFromRef, secretFromVariable } from './secrets.ts'

const NAME = 'REDIS_URL'
const CURE =
  'Set for example redis://:password@redis.example:6379/0, or the nodes of a cluster apart by commas; in a password, ' +
  '/ @ : # ? % and , stand as %2F %40 %3A %23 %3F %25 and %2C'
const DEFAULT_PORT = 6379

/** One node, or the nodes of a cluster; null where nothing is to be shared. Nothing of the URL is told: it may hold a password. */
export function readRedisUrl(layers: Layers, findings: Findings, sources: Sources): RedisTarget | null {
  const ref = layers.file.redisUrl
  const found =
    secretFromVariable(NAME, layers, findings) ??
    (ref === undefined ? null : secretFromRef(ref, 'redisUrl', layers, findings))
  if (found === null) return null
  sources['redisUrl'] = found.source
  const target = parseRedisUrl(found.secret.reveal())
  if (typeof target !== 'string') return target
  complain(findings, found.setting, target, CURE)
  return null
}

/** The target, or what is wrong. Nodes after the first may be written without `redis://`, and share its rest. */
export function parseRedisUrl(text: string): RedisTarget | string {
  const [first = '', ...others] = text.split(',').map((part) => part.trim())
  const scheme = /^(rediss?):\/\//i.exec(first)?.[1]?.toLowerCase()
  if (scheme === undefined) return 'must begin with redis:// or rediss://'
  const urls = [first, ...others.map((part) => (part.includes('://') ? part : `${scheme}://${part}`))]
  const nodes = urls.map(parseNode)
  const [main] = nodes
  if (main === null || main === undefined || nodes.includes(null)) return 'is not a URL of a Redis'
  if (nodes.some((node) => node?.isTls !== main.isTls)) return 'has nodes with TLS and others without'
  if (others.length > 0 && nodes.some((node) => node?.db !== 0))
    return 'names a database, and a cluster has none but 0'
  const { db, username, password, isTls } = main
  const places = nodes.flatMap((node) => (node === null ? [] : [{ host: node.host, port: node.port }]))
  const kind = others.length > 0 ? 'cluster' : 'node'
  return { kind, nodes: places, db, username, password, isTls }
}

interface Node {
  readonly host: string
  readonly port: number
  readonly db: number
  readonly username: string | null
  readonly password: Secret | null
  readonly isTls: boolean
}

function parseNode(text: string): Node | null {
  if (!URL.canParse(text)) return null
  const url = new URL(text)
  const db = /^\/?(\d{0,4})$/.exec(url.pathname)?.[1]
  if (!/^rediss?:$/.test(url.protocol) || url.hostname === '' || db === undefined || url.search !== '')
    return null
  const password = decoded(url.password)
  const username = decoded(url.username)
  if (password === null || username === null) return null
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? DEFAULT_PORT : Number(url.port),
    db: Number(db),
    username: username === '' ? null : username,
    password: password === '' ? null : new Secret(password),
    isTls: url.protocol === 'rediss:',
  }
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}

/** For people: scheme, nodes and database, without user and password. */
export function describeRedis({ nodes, db, isTls }: RedisTarget): string {
  const places = nodes.map(({ host, port }) => `${host.includes(':') ? `[${host}]` : host}:${port}`)
  return `redis${isTls ? 's' : ''}://${places.join(',')}${db === 0 ? '' : `/${db}`}`
}
