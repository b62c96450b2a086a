/** A Redis that cannot be shared through, as it was found at the start. */
export class RedisError extends Error {
  override readonly name = 'RedisError'
  readonly exitCode = 78

  /** @param message what is wrong, and the cure; nothing of the URL's password */
  constructor(message: string, cause?: unknown) {
    super(message, { cause })
  }
}

type Row = readonly [pattern: RegExp, problem: string, cure: string]

const TO_REPLICA = 'Name the primary, or all nodes of the cluster'

/** What a Redis says or does, in the order in which it is looked for. */
const BY_MESSAGE: readonly Row[] = [
  [/^NOAUTH/, 'asks for a password', 'Put it into the URL: redis://:password@host'],
  [
    /^WRONGPASS|invalid (username-)?password/i,
    'does not take the password or the user',
    'Correct them in the URL',
  ],
  [
    /without any password configured|no password is set/i,
    'asks for no password, and the URL has one',
    'Remove it from the URL, or set requirepass',
  ],
  [/^DENIED|protected mode/i, 'is in protected mode', 'Set a password there, or bind it to an address'],
  [
    /^NOPERM/,
    'gives the user of the URL too few rights',
    'Grant the keys yp:* and the commands set, get, incrby, pttl, expire, del, eval, evalsha, info, cluster and ping',
  ],
  [/^READONLY/, 'is a replica, which only reads', TO_REPLICA],
  [/^MOVED|^ASK |^CROSSSLOT/, 'is a node of a cluster', 'Name several of its nodes, apart by commas'],
  [
    /cluster support disabled/i,
    'is no cluster, and the URL names several nodes',
    'Name one node, or make a cluster of them',
  ],
  [
    /^CLUSTERDOWN/,
    'is a cluster that is down',
    'See redis-cli --cluster check, and start the nodes that are missing',
  ],
  [/^OOM/, 'is out of memory and refuses to write', 'Raise maxmemory, or give it a Redis of its own'],
  [/^MISCONF/, 'cannot save to its disk and refuses to write', 'See its log'],
  [/^LOADING/, 'is still loading its data', 'Start again in a moment'],
  [
    /DB index is out of range|invalid DB index|SELECT is not allowed/i,
    'has no such database',
    'Correct the number at the end of the URL',
  ],
  [
    /protocol error|Unknown RESP type/i,
    'is something else: what answers does not speak its protocol',
    'Correct host and port',
  ],
  [/ENOTFOUND|EAI_AGAIN/, 'cannot be found: the host has no address', 'Correct the host'],
  [/ECONNREFUSED/, 'cannot be reached: nothing listens there', 'Start it, or correct host and port'],
  [/EHOSTUNREACH|ENETUNREACH|ETIMEDOUT/, 'cannot be reached', 'Correct host and port, or open the way to it'],
  [
    /certificate|ERR_TLS|SELF_SIGNED/i,
    'has a certificate that is not trusted',
    'Add its authority by NODE_EXTRA_CA_CERTS',
  ],
  [
    /wrong version number|EPROTO|packet length/i,
    'speaks no TLS, and the URL begins with rediss:',
    'Begin it with redis:',
  ],
  [
    /ECONNRESET|EPIPE|closed|socket disconnected/i,
    'ends the connection at once',
    'Begin the URL with rediss: if it speaks TLS; correct host and port',
  ],
  [
    /No answer within|timed out|timeout/i,
    'does not answer',
    'Correct host and port; see that it is a Redis, and not stopped; begin the URL with redis: if it speaks no TLS',
  ],
]

/** One line for the operator. @param place host and port */
export function redisErrorOf(error: unknown, place: string): RedisError {
  if (error instanceof RedisError) return error
  const text = error instanceof Error ? `${codeOf(error)}${error.message}` : ''
  const row = BY_MESSAGE.find(([pattern]) => pattern.test(text) || pattern.test(messageOf(error)))
  const [, problem, cure] = row ?? [
    null,
    'cannot be used',
    'See its log, and try redis-cli with the same address',
  ]
  return new RedisError(`REDIS_URL: the Redis at ${place} ${problem}. ${cure}`, bare(error))
}

/** Without the command that the client hangs on its errors: that of AUTH holds the password. */
function bare(error: unknown): Error {
  return new Error(error instanceof Error ? `${codeOf(error)}${error.message}` : '')
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? `${error.code} ` : ''
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : ''
}
