import type { Problem, VerifyView } from '../../../protocol.ts'

/** What came over the wire as a verdict, or null where it is none: nothing is taken for one that does not look like it. */
export function parseVerifyView(answer: unknown): VerifyView | null {
  if (typeof answer !== 'object' || answer === null || !('ok' in answer)) return null
  if (answer.ok === true)
    return isIdentity(answer) ? { ok: true, user: answer.user, session: answer.session } : null
  if (answer.ok !== false || !isRefusal(answer)) return null
  return { ok: false, problem: answer.problem, wwwAuthenticate: answer.wwwAuthenticate }
}

type Identity = Omit<Extract<VerifyView, { ok: true }>, 'ok'>

function isIdentity(answer: object): answer is Identity {
  const { user, session } = Object.assign(Object.create(null), answer)
  return isNamed(user, 'usr_') && isNamed(session, 'ses_') && 'appid' in session
}

function isNamed(thing: unknown, prefix: string): thing is { id: string } {
  if (typeof thing !== 'object' || thing === null || !('id' in thing)) return false
  return typeof thing.id === 'string' && thing.id.startsWith(prefix) && thing.id.length > prefix.length
}

function isRefusal(answer: object): answer is { problem: Problem; wwwAuthenticate: string } {
  if (!('problem' in answer) || !('wwwAuthenticate' in answer)) return false
  const { problem, wwwAuthenticate } = answer
  if (typeof wwwAuthenticate !== 'string' || /[^\x20-\x7e]/.test(wwwAuthenticate)) return false
  if (typeof problem !== 'object' || problem === null || !('status' in problem)) return false
  const { status } = problem
  return Number.isInteger(status) && Number(status) >= 400 && Number(status) <= 599
}
