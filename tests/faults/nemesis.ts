import { setTimeout as sleep } from 'node:timers/promises'
import type { FaultProxy } from './proxy.ts'
import type { Round } from './scenario.ts'
import type { World } from './world.ts'

/** Something that is broken, and mended again. */
export interface Fault {
  readonly what: string
  begin(): unknown
  end?(): unknown
}

export interface Pace {
  /** How long each lasts, drawn between both. */
  readonly lastsMs: readonly [min: number, max: number]
  /** For service to come back, before the next one. */
  readonly restMs: number
}

/** One fault after the other, each noted in the history. */
export async function inflict(
  world: World,
  round: Round,
  { faults, pace }: { readonly faults: readonly Fault[]; readonly pace: Pace },
): Promise<void> {
  for (const { what, begin, end } of faults) {
    round.say(what)
    world.history.mark('fault.begun', what)
    await begin()
    await sleep(round.draw.whole(...pace.lastsMs))
    await end?.()
    world.history.mark('fault.ended', what)
    await sleep(pace.restMs)
  }
}

/** What a network does to connections: it drops them, refuses new ones, swallows what is sent. */
export function networkFaults(proxy: FaultProxy, whom: string): Fault[] {
  const pass = () => proxy.become({ kind: 'pass' })
  return [
    { what: `connections to ${whom} are reset`, begin: () => proxy.cut('reset') },
    {
      what: `${whom} is not reached`,
      begin() {
        proxy.become({ kind: 'refuse' })
        proxy.cut('reset')
      },
      end: pass,
    },
    {
      what: `what is sent to ${whom} gets lost`,
      begin: () => proxy.become({ kind: 'hole' }),
      end() {
        pass()
        // What was swallowed does not come any more: no connection that missed it can go on.
        proxy.cut('reset')
      },
    },
  ]
}
