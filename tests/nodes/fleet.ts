import { type History, monotonicMs, type Operation, tokenName } from '../histories/history.ts'
import { call, login } from '../serve/support/client.ts'
import type { Rig } from '../serve/support/rig.ts'

/** A session as a client has it. */
export interface Badge {
  readonly token: string
  readonly session: string
  readonly user: string
}

/** Asks the nodes by name and writes down what came of it. */
export interface Recorder {
  login(node: string, user: string): Promise<Badge | null>
  validate(node: string, badge: Badge): Promise<Operation>
  logout(node: string, badge: Badge): Promise<Operation>
  /** The user ends another session of theirs. */
  endOther(node: string, holder: Badge, other: Badge): Promise<Operation>
  /** By the command line: when it returns, the end holds everywhere. */
  revoke(badge: Badge, env: Record<string, string>): Promise<Operation>
}

export function createRecorder(
  rig: Rig,
  nodes: ReadonlyMap<string, { readonly publicUrl: string }>,
  history: History,
): Recorder {
  const urlOf = (node: string) => nodes.get(node)?.publicUrl ?? ''
  const named = ({ token, session, user }: Badge) => ({ token: tokenName(token), session, user })
  const end = async (
    begun: Parameters<History['begin']>[0],
    session: string,
    ask: () => Promise<boolean>,
  ) => {
    const done = history.begin({ ...begun, session, audit: `session.ended ${session}` })
    const isEnded = await ask().catch(() => null)
    return done({ outcome: isEnded === null ? 'unknown' : isEnded ? 'ok' : 'refused' })
  }
  return {
    async login(node, user) {
      const code = rig.code(user)
      const done = history.begin({ kind: 'login', node, code })
      const answer = await login(urlOf(node), code).catch(() => null)
      if (answer?.status !== 200) {
        done({ outcome: 'unknown', reason: String(answer?.status) })
        return null
      }
      const {
        token,
        user: who,
        session,
      } = answer.body as { token: string; user: { id: string }; session: { id: string } }
      const badge = { token, session: session.id, user: who.id }
      done({ outcome: 'ok', ...named(badge), audit: `login.succeeded ${session.id}` })
      return badge
    },
    async validate(node, badge) {
      const done = history.begin({ kind: 'validate', node, ...named(badge) })
      const answer = await call('GET', `${urlOf(node)}/session`, { token: badge.token }).catch(() => null)
      const outcome = answer?.status === 200 ? 'ok' : answer?.status === 401 ? 'refused' : 'unknown'
      return done({ outcome, reason: answer === null ? 'no answer' : String(answer.status) })
    },
    logout: (node, badge) =>
      end({ kind: 'revoke', node }, badge.session, async () => {
        const { status } = await call('DELETE', `${urlOf(node)}/session`, { token: badge.token })
        return isDone(status)
      }),
    endOther: (node, holder, other) =>
      end({ kind: 'revoke', node }, other.session, async () => {
        const { status } = await call('DELETE', `${urlOf(node)}/me/sessions/${other.session}`, {
          token: holder.token,
        })
        return isDone(status)
      }),
    revoke: (badge, env) =>
      end({ kind: 'revoke', node: '*' }, badge.session, async () => {
        const { exitCode } = await rig.run(['sessions', 'revoke', badge.session], env)
        return exitCode === 0
      }),
  }
}

/** A 5xx says nothing of what happened. */
function isDone(status: number): boolean {
  if (status >= 500) throw new Error(String(status))
  return status < 300
}

export async function untilMs(atMs: number): Promise<void> {
  while (monotonicMs() < atMs) await new Promise((resolve) => setTimeout(resolve, 20))
}
