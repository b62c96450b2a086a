import { systemClock } from '../lib/clock.ts'
import { systemRandom } from '../lib/random.ts'
import { revokeSession, revokeUserSessions } from '../lib/revoke-sessions.ts'
import type { Store } from '../lib/store/store.ts'
import { sessionView } from '../lib/views.ts'
import { untilEverywhere } from './everywhere.ts'
import { CommandError, EXIT } from './exit.ts'
import { withStore } from './read-config.ts'
import { plain, type Terminal, table } from './terminal.ts'
import { CLI_ORIGIN, userIdFrom } from './users.ts'

const USERS_A_PAGE = 500
const SESSION_ID = /^ses_[0-9a-f]{14}$/

export function listSessions(user: string, terminal: Terminal): Promise<number> {
  const userId = userIdFrom(user)
  return withStore(terminal, async (store) => {
    const sessions = (await store.listSessions(userId, systemClock.nowMs())).map(sessionView)
    const rows = sessions.map((session) => [
      session.id,
      session.appid,
      session.createdAt,
      plain([session.device.brand, session.device.model, session.device.label].filter(Boolean).join(' ')),
    ])
    terminal.data({ sessions }, table([['session', 'app', 'since', 'device'], ...rows]))
    return EXIT.done
  })
}

interface RevokeOptions {
  readonly user?: string
  readonly all?: boolean
  readonly yes?: boolean
}

/** Ends one session, those of a user, or all there are; when it resolves every running server refuses them. */
export async function revokeSessions(
  sessionId: string | undefined,
  options: RevokeOptions,
  terminal: Terminal,
): Promise<number> {
  const { user, all } = options
  const chosen = [sessionId !== undefined, user !== undefined, all === true].filter(Boolean).length
  if (chosen !== 1) throw new CommandError(EXIT.usage, 'Give one of: a session id, --user <id>, --all')
  if (sessionId !== undefined) return revokeOne(sessionId, terminal)
  if (user !== undefined) return revokeOfUser(user, terminal)
  await requireYes(options, terminal)
  return revokeAll(terminal)
}

function revokeOne(sessionId: string, terminal: Terminal): Promise<number> {
  if (!SESSION_ID.test(sessionId)) {
    throw new CommandError(
      EXIT.usage,
      `"${plain(sessionId)}" is no session id: it is ses_ and 14 hexadecimal digits in lower case, as sessions list shows them`,
    )
  }
  return withStore(terminal, async (store) => {
    if (!(await revokeSession(servicesOf(store), sessionId, CLI_ORIGIN))) {
      throw new CommandError(EXIT.failed, `There is no living session ${sessionId}`)
    }
    return told(1, terminal)
  })
}

function revokeOfUser(user: string, terminal: Terminal): Promise<number> {
  const userId = userIdFrom(user)
  return withStore(terminal, async (store) => {
    if ((await store.findUser(userId)) === null)
      throw new CommandError(EXIT.failed, `There is no user ${userId}`)
    return told(await revokeUserSessions(servicesOf(store), userId, CLI_ORIGIN), terminal)
  })
}

async function requireYes({ yes }: RevokeOptions, terminal: Terminal): Promise<void> {
  if (yes === true) return
  const answer = await terminal.confirm('End the sessions of all users? Every client has to log in again.')
  if (answer === null) throw new CommandError(EXIT.usage, 'Nobody can be asked here: add --yes to --all')
  if (!answer) throw new CommandError(EXIT.failed, 'Nothing was ended')
}

/** User by user, newest first; who logs in meanwhile keeps the new session. */
function revokeAll(terminal: Terminal): Promise<number> {
  return withStore(terminal, async (store) => {
    let ended = 0
    let before: { before?: `usr_${string}` } = {}
    for (;;) {
      const users = await store.listUsers({ limit: USERS_A_PAGE, ...before })
      // Together, so that they share a commit: a hundred thousand sessions must not take a hundred thousand.
      const counts = await Promise.all(
        users.map(({ id }) => revokeUserSessions(servicesOf(store), id, CLI_ORIGIN)),
      )
      for (const count of counts) ended += count
      const last = users.at(-1)
      if (last === undefined || users.length < USERS_A_PAGE) return told(ended, terminal)
      before = { before: last.id }
      terminal.say(`${ended} ended so far …`)
    }
  })
}

async function told(ended: number, terminal: Terminal): Promise<number> {
  if (ended > 0) await untilEverywhere()
  terminal.data(
    { ended },
    ended === 1 ? '1 session ended, everywhere' : `${ended} sessions ended, everywhere`,
  )
  return EXIT.done
}

function servicesOf(store: Store) {
  return { store, clock: systemClock, random: systemRandom }
}
