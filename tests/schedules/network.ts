import type { ModelServer } from './model-server.ts'
import { isOwn } from './places.ts'
import type { Answer, Sent } from './wire.ts'
import type { Life, World } from './world.ts'

/** What lies between phone and server. */
export interface Network {
  /** At most ten at a time leave the phone, the rest wait in line; the answer calls it off. */
  send(sent: Sent, options: Sending): () => void
  lose(way: 'up' | 'down', times: number, silently: boolean): void
  offlineUntil(atMs: number): void
  /** Five seconds in the background: WeChat cuts off what is under way, and lets nothing new out. */
  cutOff(life: Life): void
  /** The radio sleeps: what is under way gets no further. */
  stall(life: Life): void
  heal(): void
}

interface Sending {
  readonly life: Life
  readonly timeoutMs: number
  readonly isAwake: () => boolean
  readonly onAnswer: (answer: Answer) => void
  readonly onFail: (errMsg: string) => void
}

interface Transfer {
  readonly sent: Sent
  readonly options: Sending
  isRunning: boolean
  isOver: boolean
  isStalled: boolean
}

const SLOTS = 10
const ERROR = 'request:fail -118:net::ERR_CONNECTION_TIMED_OUT'

export interface NetworkParts {
  readonly world: World
  readonly server: ModelServer
  readonly delayMs: () => number
  readonly note: (text: () => string) => void
}

export function createNetwork({ world, server, delayMs, note }: NetworkParts): Network {
  let open: Transfer[] = []
  let offlineMs = 0
  const losses = { up: 0, down: 0, silently: false }

  function isLost(way: 'up' | 'down'): boolean {
    if (losses[way] === 0) return false
    losses[way] -= 1
    return true
  }

  /** Ends it once; what comes later for it is dropped. */
  function finish(transfer: Transfer, tell: () => void): void {
    if (transfer.isOver) return
    transfer.isOver = true
    open = open.filter((one) => one !== transfer)
    tell()
    startWaiting()
  }

  function fail(transfer: Transfer, errMsg: string): void {
    finish(transfer, () => {
      note(() => `the phone gives up on ${labelOf(transfer.sent)}: ${errMsg}`)
      transfer.options.onFail(errMsg)
    })
  }

  function later(transfer: Transfer, ms: number, run: () => void): void {
    world.after(ms, () => {
      if (!transfer.isOver && !transfer.options.life.dead && !transfer.isStalled) run()
    })
  }

  function startWaiting(): void {
    open = open.filter((one) => !one.options.life.dead)
    let running = open.filter((one) => one.isRunning).length
    for (const transfer of open) {
      if (running >= SLOTS) return
      if (transfer.isRunning) continue
      transfer.isRunning = true
      running += 1
      start(transfer)
    }
  }

  function start(transfer: Transfer): void {
    world.after(transfer.options.timeoutMs, () => {
      if (!transfer.options.life.dead) fail(transfer, 'request:fail timeout')
    })
    if (world.nowMs() < offlineMs) {
      later(transfer, delayMs(), () => fail(transfer, 'request:fail -106:net::ERR_INTERNET_DISCONNECTED'))
      return
    }
    if (!isLost('up')) {
      later(transfer, delayMs(), () => arrive(transfer))
      return
    }
    note(() => `${labelOf(transfer.sent)} is lost on its way`)
    if (!losses.silently) later(transfer, delayMs(), () => fail(transfer, ERROR))
  }

  function arrive(transfer: Transfer): void {
    const answer = answerOf(transfer.sent)
    note(() => `the server answers ${labelOf(transfer.sent)} with ${answer.status}`)
    if (!isLost('down')) {
      later(transfer, delayMs(), () => finish(transfer, () => transfer.options.onAnswer(answer)))
      return
    }
    note(() => 'that answer is lost')
    if (!losses.silently) later(transfer, delayMs(), () => fail(transfer, ERROR))
  }

  function answerOf(sent: Sent): Answer {
    return isOwn(sent.url) ? server.handle(sent) : { status: 200, body: '{"stranger":true}', header: {} }
  }

  return {
    send(sent, options) {
      const transfer: Transfer = { sent, options, isRunning: false, isOver: false, isStalled: false }
      if (options.isAwake()) {
        open.push(transfer)
        startWaiting()
      } else {
        world.after(0, () => fail(transfer, 'request:fail interrupted'), options.life)
      }
      return () => void world.after(0, () => fail(transfer, 'request:fail abort'), options.life)
    },
    lose(way, times, silently) {
      losses[way] += times
      losses.silently = silently
    },
    offlineUntil(atMs) {
      offlineMs = atMs
    },
    cutOff(life) {
      for (const transfer of open.filter((one) => one.options.life === life)) {
        fail(transfer, 'request:fail interrupted')
      }
    },
    stall(life) {
      for (const transfer of open) if (transfer.options.life === life) transfer.isStalled = true
    },
    heal() {
      Object.assign(losses, { up: 0, down: 0, silently: false })
      offlineMs = 0
    },
  }
}

export function labelOf(sent: Sent): string {
  const of = sent.call === null ? '' : ` (call ${sent.call})`
  return `${sent.method} ${sent.url.replace(/^https:\/\/[a-z]+\.example\.com(\/yaopai)?/, '').replace(/\?.*/, '')}${of}`
}
