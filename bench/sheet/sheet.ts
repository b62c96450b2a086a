/** What is measured: one row, one request, one login. */
export interface Measured {
  readonly bytesPerUser: number
  readonly bytesPerIdentity: number
  readonly bytesPerSession: number
  readonly bytesPerEvent: number
  readonly requestMicroseconds: number
  readonly loginMicroseconds: number
  /** Durable logins that one store takes in a second. */
  readonly loginsPerSecondPerStore: number
  readonly bytesPerCachedSession: number
}

/** What is assumed of users and machines; every one can be changed on the command line. */
export interface Habits {
  /** Share of the users that come on a day. */
  readonly dailyShare: number
  readonly loginsPerDay: number
  readonly requestsPerLogin: number
  /** The busiest second against the day's average. */
  readonly peakFactor: number
  /** Sessions that are kept for a user, those that ended within 30 days included. */
  readonly sessionsPerUser: number
  readonly identitiesPerUser: number
  readonly eventsPerLogin: number
  readonly eventDays: number
  /** How full a core, a store's writer and a disk are run at the peak. */
  readonly utilisation: number
  readonly coresPerNode: number
  readonly diskGiBPerStore: number
  /** Share of the living sessions that a node keeps in memory. */
  readonly cachedShare: number
  /** Commands of one Redis node in a second; each login asks it once, for its limit. */
  readonly redisPerSecond: number
  /** Of a node to every store: how it learns of ended sessions. */
  readonly pollsPerSecond: number
  /** Queries of one store in a second, of which polls may take a tenth. */
  readonly queriesPerSecondPerStore: number
}

export const HABITS: Habits = {
  dailyShare: 0.2,
  loginsPerDay: 1,
  requestsPerLogin: 50,
  peakFactor: 4,
  sessionsPerUser: 1.5,
  identitiesPerUser: 1,
  eventsPerLogin: 1,
  eventDays: 90,
  utilisation: 0.5,
  coresPerNode: 8,
  diskGiBPerStore: 1_000,
  cachedShare: 0.1,
  redisPerSecond: 50_000,
  pollsPerSecond: 10 / 3,
  queriesPerSecondPerStore: 20_000,
}

export interface Sheet {
  readonly users: number
  readonly rows: {
    readonly users: number
    readonly identities: number
    readonly sessions: number
    readonly events: number
  }
  readonly bytes: number
  readonly loginsPerDay: number
  readonly peakLoginsPerSecond: number
  readonly peakRequestsPerSecond: number
  readonly cores: number
  readonly nodes: number
  readonly cacheBytesPerNode: number
  readonly storesForWrites: number
  readonly storesForBytes: number
  readonly stores: number
  readonly redisNodes: number
  readonly pollsPerSecondPerStore: number
  /** How full one store, one node's cores and Redis would be if there were one of each; the fullest comes first. */
  readonly breaks: readonly Break[]
}

export interface Break {
  readonly what: string
  /** 1: at its limit with this many users. */
  readonly load: number
  /** How many users it bears. */
  readonly users: number
}

const DAY_SECONDS = 86_400
const GIB = 2 ** 30

/** Shards are named by selector mod 256, so there can be no more. */
export const MAX_SHARDS = 256

export function sheetFor(users: number, measured: Measured, habits: Habits = HABITS): Sheet {
  const loginsPerDay = users * habits.dailyShare * habits.loginsPerDay
  const peakLoginsPerSecond = (loginsPerDay / DAY_SECONDS) * habits.peakFactor
  const peakRequestsPerSecond = peakLoginsPerSecond * habits.requestsPerLogin
  const rows = rowsFor(users, loginsPerDay, habits)
  const bytes = bytesOf(rows, measured)
  const cores = coresFor(peakLoginsPerSecond, peakRequestsPerSecond, measured) / habits.utilisation
  const nodes = Math.max(1, Math.ceil(cores / habits.coresPerNode))
  const storesForWrites = atLeastOne(
    peakLoginsPerSecond / (measured.loginsPerSecondPerStore * habits.utilisation),
  )
  const storesForBytes = atLeastOne(bytes / (habits.diskGiBPerStore * GIB * habits.utilisation))
  return {
    users,
    rows,
    bytes,
    loginsPerDay,
    peakLoginsPerSecond,
    peakRequestsPerSecond,
    cores,
    nodes,
    cacheBytesPerNode: rows.sessions * habits.cachedShare * measured.bytesPerCachedSession,
    storesForWrites,
    storesForBytes,
    stores: Math.max(storesForWrites, storesForBytes),
    redisNodes: atLeastOne(peakLoginsPerSecond / (habits.redisPerSecond * habits.utilisation)),
    pollsPerSecondPerStore: nodes * habits.pollsPerSecond,
    breaks: breaksOf(users, { bytes, cores, nodes, peakLoginsPerSecond }, measured, habits),
  }
}

function rowsFor(users: number, loginsPerDay: number, habits: Habits): Sheet['rows'] {
  return {
    users,
    identities: users * habits.identitiesPerUser,
    sessions: users * habits.sessionsPerUser,
    events: loginsPerDay * habits.eventsPerLogin * habits.eventDays,
  }
}

function bytesOf(rows: Sheet['rows'], measured: Measured): number {
  return (
    rows.users * measured.bytesPerUser +
    rows.identities * measured.bytesPerIdentity +
    rows.sessions * measured.bytesPerSession +
    rows.events * measured.bytesPerEvent
  )
}

function coresFor(logins: number, requests: number, measured: Measured): number {
  return (logins * measured.loginMicroseconds + requests * measured.requestMicroseconds) / 1e6
}

function atLeastOne(count: number): number {
  return Math.max(1, Math.ceil(count))
}

interface Needs {
  readonly bytes: number
  readonly cores: number
  readonly nodes: number
  readonly peakLoginsPerSecond: number
}

function breaksOf(users: number, needs: Needs, measured: Measured, habits: Habits): Break[] {
  const loads: readonly (readonly [what: string, load: number])[] = [
    ['one core that serves', needs.cores],
    ['one node', needs.cores / habits.coresPerNode],
    [
      "one store's writer",
      needs.peakLoginsPerSecond / (measured.loginsPerSecondPerStore * habits.utilisation),
    ],
    ["one store's disk", needs.bytes / (habits.diskGiBPerStore * GIB * habits.utilisation)],
    ['one Redis node', needs.peakLoginsPerSecond / (habits.redisPerSecond * habits.utilisation)],
    [
      'polls of all nodes at one store',
      (needs.nodes * habits.pollsPerSecond) / (habits.queriesPerSecondPerStore / 10),
    ],
  ]
  return loads
    .map(([what, load]) => ({ what, load, users: users / load }))
    .sort((one, other) => other.load - one.load)
}
