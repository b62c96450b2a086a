import type { Clock } from './clock.ts'
import type { Recorder } from './conversation/recorder.ts'
import type { Random } from './random.ts'
import type { World } from './state/world.ts'
import type { CallLog } from './wechat/call-log.ts'
import type { FaultList } from './wechat/faults.ts'

/** One running emulator: what it remembers, and what it was given to run on. */
export interface Machine {
  world: World
  readonly clock: Clock
  readonly random: Random
  readonly faults: FaultList
  readonly calls: CallLog
  readonly conversation: Recorder
  readonly log: (line: string) => void
}

/** The virtual clock: the given one plus all that it was advanced by. */
export function nowMs(machine: Machine): number {
  return machine.clock.nowMs() + machine.world.clockOffsetMs
}

export function nowSeconds(machine: Machine): number {
  return Math.floor(nowMs(machine) / 1000)
}

/** A call that cannot be answered because the caller's set-up is wrong. `cure` says what to do about it. */
export class EmulatorError extends Error {
  readonly code: string
  /** What is wrong; `message` is this and the cure. */
  readonly reason: string
  readonly cure: string

  constructor(code: string, reason: string, cure: string) {
    super(`${reason}; ${cure}`)
    this.name = 'EmulatorError'
    this.code = code
    this.reason = reason
    this.cure = cure
  }
}
