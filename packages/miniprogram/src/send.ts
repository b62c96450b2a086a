import { ask } from './ask.ts'
import { heed, switchToNext } from './badge.ts'
import type { Core } from './core.ts'
import { haveToken } from './have-token.ts'
import { nothing } from './quietly.ts'
import { tokenRefusalOf } from './refusal.ts'
import type { AnswerLike, TaskLike } from './types.ts'
import type { YaopaiError } from './yaopai-error.ts'

/** One call of the app's, from its beginning to its end; sent once, or twice. */
export interface Job {
  /** Hands it to WeChat once, with these headers. */
  readonly transmit: (job: Job, header: Record<string, string>) => Promise<AnswerLike>
  readonly header: Record<string, string> | undefined
  readonly carriesToken: boolean
  readonly isIdempotent: boolean
  readonly onTask: ((task: TaskLike) => void) | undefined
  /** Why it was called off. */
  error?: YaopaiError
  task?: TaskLike
}

/**
 * Sends with the token; once more where the token was refused, another can be had, and sending twice does no harm.
 * @throws YaopaiError a refusal of Yaopai's, or why no answer came; any other answer is the app's to judge
 */
export async function send(core: Core, job: Job): Promise<AnswerLike> {
  for (let tries = 1; ; tries += 1) {
    const outcome = await sendOnce(core, job)
    if (!('refusal' in outcome)) return outcome
    if (!outcome.isCurable || tries > 1) throw outcome.refusal
    if (job.isIdempotent) continue
    // It may not be sent twice, but what the app sends next shall find a token.
    haveToken(core).catch(nothing)
    throw outcome.refusal
  }
}

interface Refused {
  readonly refusal: YaopaiError
  readonly isCurable: boolean
}

async function sendOnce(core: Core, job: Job): Promise<AnswerLike | Refused> {
  if (job.carriesToken) await haveToken(core)
  if (job.error) throw job.error
  if (!job.carriesToken) return job.transmit(job, job.header || {})
  // Read now, in the same go: a token that a renewal has replaced meanwhile would be taken for a stolen one.
  const { token = '' } = core.kept
  if (!token) return sendOnce(core, job)
  core.busy += 1
  try {
    const answer = await job.transmit(
      job,
      Object.assign({}, job.header, { Authorization: `Bearer ${token}` }),
    )
    const refusal = tokenRefusalOf(answer)
    return refusal ? { refusal, isCurable: heed(core, refusal, token) } : answer
  } finally {
    core.busy -= 1
    switchToNext(core)
  }
}

/** @param api of WeChat's that takes a call and answers with a task */
export function transmitter(core: Core, api: string, options: object): Job['transmit'] {
  return (job, header) =>
    ask((callbacks) => {
      const whole = Object.assign({}, options, { header, complete: undefined }, callbacks)
      return begun(job, Object(core.wx)[api](whole))
    })
}

/** Remembers the task, so that it can be called off, and shows it to the app. */
export function begun<Task>(job: Job, task: Task): Task {
  job.task = Object(task)
  if (job.onTask) job.onTask(Object(task))
  return task
}
