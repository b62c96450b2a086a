import { setBan } from '../lib/ban-user.ts'
import { isoTime, systemClock } from '../lib/clock.ts'
import { isUserId, type UserId } from '../lib/ids.ts'
import { systemRandom } from '../lib/random.ts'
import type { UserRecord } from '../lib/records.ts'
import type { Store } from '../lib/store/store.ts'
import { sessionView, userView } from '../lib/views.ts'
import { untilEverywhere } from './everywhere.ts'
import { CommandError, EXIT } from './exit.ts'
import { withStore } from './read-config.ts'
import { plain, type Terminal, table } from './terminal.ts'

/** Where the command line stands in the history as the one who did it. */
export const CLI_ORIGIN = { requestId: 'cli', ip: null }

/** @throws CommandError when the text is no user id */
export function userIdFrom(text: string): UserId {
  if (isUserId(text)) return text
  throw new CommandError(
    EXIT.usage,
    `"${plain(text)}" is no user id: it begins with usr_ and has 16 letters or digits`,
  )
}

interface ListOptions {
  readonly limit: number
  readonly before?: string
  readonly search?: string
}

export function listUsers(options: ListOptions, terminal: Terminal): Promise<number> {
  return withStore(terminal, async (store) => {
    const { limit, before, search } = options
    const users = await store.listUsers({
      limit,
      ...(before === undefined ? {} : { before: userIdFrom(before) }),
      ...(search === undefined ? {} : { search }),
    })
    const rows = users.map((user) => [user.id, nicknameOf(user), isoTime(user.createdAtMs), stateOf(user)])
    terminal.data({ users: users.map(viewOf) }, table([['user', 'nickname', 'since', 'state'], ...rows]))
    const last = users.at(-1)
    if (last !== undefined && users.length === limit)
      terminal.say(`More: yaopai users list --before ${last.id}`)
    return EXIT.done
  })
}

export function showUser(text: string, terminal: Terminal): Promise<number> {
  const userId = userIdFrom(text)
  return withStore(terminal, async (store) => {
    const user = await requireUser(store, userId)
    const identities = await store.listIdentities(userId)
    const sessions = (await store.listSessions(userId, systemClock.nowMs())).map(sessionView)
    const apps = identities.map(({ platform, appid, createdAtMs }) => ({
      platform,
      appid,
      since: isoTime(createdAtMs),
    }))
    const facts = [
      ['user', user.id],
      ['nickname', nicknameOf(user)],
      ['since', isoTime(user.createdAtMs)],
      ['state', stateOf(user)],
      ...apps.map(({ appid, since }) => ['app', `${appid} since ${since}`]),
      ...sessions.map((session) => [
        'session',
        `${session.id} in ${session.appid} since ${session.createdAt}`,
      ]),
    ]
    terminal.data({ user: viewOf(user), apps, sessions }, table(facts))
    return EXIT.done
  })
}

export function banUser(text: string, isBanned: boolean, terminal: Terminal): Promise<number> {
  const userId = userIdFrom(text)
  return withStore(terminal, async (store) => {
    const services = { store, clock: systemClock, random: systemRandom }
    const isThere = await setBan(services, userId, isBanned, CLI_ORIGIN)
    if (!isThere) throw noSuchUser(userId)
    await untilEverywhere()
    terminal.data(
      { userId, banned: isBanned },
      `${userId} is ${isBanned ? 'banned' : 'free again'}, everywhere`,
    )
    return EXIT.done
  })
}

async function requireUser(store: Store, userId: UserId): Promise<UserRecord> {
  const user = await store.findUser(userId)
  if (user === null) throw noSuchUser(userId)
  return user
}

function noSuchUser(userId: UserId): CommandError {
  return new CommandError(EXIT.failed, `There is no user ${userId}, or the account was closed`)
}

function nicknameOf(user: UserRecord): string {
  return plain(user.nickname ?? '') || '-'
}

function stateOf(user: UserRecord): string {
  return user.bannedAtMs === null ? 'active' : `banned since ${isoTime(user.bannedAtMs)}`
}

function viewOf(user: UserRecord): object {
  return { ...userView(user), bannedAt: user.bannedAtMs === null ? null : isoTime(user.bannedAtMs) }
}
