import type { Yaopai } from '../../packages/miniprogram/src/types.ts'
import { createPromise, type OwnPromiseConstructor } from './own-promise.ts'
import { createPhone, type PhoneParts, type Running } from './phone.ts'
import { AUTH_URL, BASE_URL, FILES_ORIGIN } from './places.ts'
import type { StartSdk } from './sdk.ts'
import type { Story } from './story.ts'
import type { Life, World } from './world.ts'

/** One start of the mini program, until it is killed. */
export interface App extends Running {
  readonly yaopai: Yaopai
  readonly wx: Record<string, unknown>
  readonly OwnPromise: OwnPromiseConstructor
  /** Runs what is due of the language's own microtasks; nothing with macrotasks. */
  drain(): void
  /** Whether no reaction is waiting to run. */
  isQuiet(): boolean
  /** Rejections that nobody listens to. */
  readonly lonely: Map<object, unknown>
}

export interface AppParts extends Omit<PhoneParts, 'OwnPromise' | 'running'> {
  readonly startSdk: StartSdk
  readonly skewMs: () => number
}

const MAX_JOBS = 20_000

export function startApp(parts: AppParts): App {
  const { world, story, startSdk } = parts
  const life: Life = { dead: false, frozen: false }
  const lonely = new Map<object, unknown>()
  const turns = createTurns(parts, life)
  const OwnPromise = createPromise({
    enqueue: turns.enqueue,
    onLonely: (promise, reason) => void lonely.set(promise, reason),
    onHeard: (promise) => void lonely.delete(promise),
  })
  const running: Running = { life, isCutOff: false }
  const wx = createPhone({ ...parts, OwnPromise, running })
  const timers = createTimers(parts, life)
  const createYaopai = startSdk({
    Promise: OwnPromise,
    ...timers,
    Date: skewedDate(world, parts.skewMs),
    Math: Object.create(Math, { random: { value: () => (parts.delayMs() % 97) / 97 } }),
    wx,
  })
  const yaopai = createYaopai(optionsOf(story))
  return Object.assign(running, {
    yaopai,
    wx,
    OwnPromise,
    lonely,
    drain: turns.drain,
    isQuiet: turns.isQuiet,
  })
}

function optionsOf(story: Story): { baseUrl: string; authUrl?: string; tokenOrigins: string[] } {
  const plain = { baseUrl: BASE_URL, tokenOrigins: [FILES_ORIGIN] }
  return story.ownAuthUrl ? { ...plain, authUrl: AUTH_URL } : plain
}

function createTurns({ world, story, delayMs }: AppParts, life: Life) {
  let jobs: (() => void)[] = []
  let waiting = 0
  let lastMs = 0
  /** In their order, and each as an event of its own, with others in between. */
  function enqueueTimer(job: () => void): void {
    waiting += 1
    lastMs = Math.max(lastMs, world.nowMs() + (delayMs() % 4))
    world.after(
      lastMs - world.nowMs(),
      () => {
        waiting -= 1
        job()
      },
      life,
    )
  }
  function drain(): void {
    let ran = 0
    for (let at = 0; at < jobs.length; at += 1) {
      ran += 1
      if (ran > MAX_JOBS) throw new Error('promises that never come to rest')
      jobs[at]?.()
    }
    jobs = []
  }
  return {
    enqueue: story.promises === 'macrotasks' ? enqueueTimer : (job: () => void) => void jobs.push(job),
    drain,
    isQuiet: () => waiting === 0 && jobs.length === 0,
  }
}

function createTimers({ world, watch }: AppParts, life: Life) {
  const cancels = new Map<number, () => void>()
  let count = 0
  return {
    setTimeout(run: () => void, ms = 0) {
      count += 1
      const id = count
      const guarded = () => {
        cancels.delete(id)
        try {
          run()
        } catch (error) {
          watch.onThrown('a timer', error)
        }
      }
      cancels.set(id, world.after(ms, guarded, life))
      return id
    },
    clearTimeout(id: number) {
      cancels.get(id)?.()
      cancels.delete(id)
    },
  }
}

/** The phone's clock is the world's, and may be wrong. */
function skewedDate(world: World, skewMs: () => number): DateConstructor {
  const now = () => world.nowMs() + skewMs()
  class PhoneDate extends Date {
    constructor(value?: number | string) {
      super(value ?? now())
    }
    static override now(): number {
      return now()
    }
  }
  return PhoneDate as unknown as DateConstructor
}
