import { ask } from './ask.ts'
import { bearer } from './auth-call.ts'
import { heed, switchToNext } from './badge.ts'
import type { Core } from './core.ts'
import { haveToken } from './have-token.ts'
import { nothing } from './quietly.ts'
import { tokenRefusalOf } from './refusal.ts'
import { openSocket } from './socket.ts'
import type { AnswerLike, TaskLike } from './types.ts'
import type { YaopaiError } from './yaopai-error.ts'

export type Api = 'request' | 'uploadFile' | 'downloadFile' | 'connectSocket'

/** One call of the app's, from its beginning to its end; sent once, or twice. */
export interface Job {
  readonly api: Api
  /** As WeChat takes them, but for the token. */
  readonly options: { readonly header?: object; readonly onTask?: (task: TaskLike) => void }
  readonly carriesToken: boolean
  readonly isIdempotent: boolean
  /** Why it was called off. */
  error?: YaopaiError
  task?: TaskLike
}

/**
 * Sends with the token; once more where the token was refused, another can be had, and sending twice does no harm.
 * @throws YaopaiError a refusal of Yaopai's, or why no answer came; any other answer is the app's to judge
 */
export async function send(core: Core, job: Job, isSecond?: boolean): Promise<AnswerLike> {
  if (job.carriesToken) await haveToken(core)
  if (job.error) throw job.error
  // Read now, in the same go: a token that a renewal has replaced meanwhile would be taken for a stolen one.
  const token = job.carriesToken ? core.kept.token : ''
  if (job.carriesToken && !token) return send(core, job, isSecond)
  const { answer, refusal, isCurable } = await sendOnce(core, job, token)
  if (!refusal) return answer
  if (isCurable && job.isIdempotent && !isSecond) return send(core, job, true)
  // It may not be sent twice, but what the app sends next shall find a token.
  if (isCurable && !isSecond) haveToken(core).catch(nothing)
  throw refusal
}

async function sendOnce(core: Core, job: Job, token: string) {
  core.busy += 1
  try {
    const answer = await transmit(core, job, token)
    const refusal = token ? tokenRefusalOf(answer) : null
    return { answer, refusal, isCurable: refusal && heed(core, refusal, token) }
  } finally {
    core.busy -= 1
    switchToNext(core)
  }
}

function transmit(core: Core, job: Job, token: string): Promise<AnswerLike> {
  const { api, options } = job
  const whole = Object.assign({}, options, { header: bearer(token, options.header) })
  const onTask = (task: TaskLike) => {
    job.task = task
    if (options.onTask) options.onTask(task)
  }
  if (api === 'connectSocket') return openSocket(core, whole, onTask, token)
  return ask(core.wx, api, whole, 0, onTask)
}
