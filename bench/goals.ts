import { measureReads } from './goals/p1-reads.ts'
import { measureSessions } from './goals/p3-sessions.ts'
import { measureBetterAuth } from './goals/p4-better-auth.ts'
import { measureJwt } from './goals/p5-jwt.ts'
import { measureLibrary } from './goals/p6-library.ts'
import { measureUncached } from './goals/p7-uncached.ts'
import { measureLogins } from './goals/p8-logins.ts'
import { measureSlowWechat } from './goals/p9-slow-wechat.ts'
import { measureWriter } from './goals/p10-writer.ts'
import { measureMemory } from './goals/p13-memory.ts'
import { measureStart } from './goals/p14-start.ts'
import { measurePostgres } from './goals/p15-postgres.ts'
import { measureClient } from './goals/p16-client.ts'
import type { Bench, Figure } from './lib/figure.ts'

/** A file of goals/, and what the bench has to know of it. P11 and P12 are run.ts's own, since they give more than figures. */
export interface Goal {
  readonly ids: readonly string[]
  /** Needs nothing but Node: no wrk, no peers. */
  readonly isNodeAlone?: boolean
  /** Programs under load, each measured once a round. */
  readonly contenders: number
  /** What it takes besides: filling peers' stores, starting servers. */
  readonly otherSeconds: number
  readonly measure: (bench: Bench) => Promise<Figure[]>
}

export const GOALS: readonly Goal[] = [
  { ids: ['P14'], contenders: 0, otherSeconds: 25, measure: measureStart },
  { ids: ['P1', 'P2'], contenders: 6, otherSeconds: 20, measure: measureReads },
  { ids: ['P3'], contenders: 5, otherSeconds: 20, measure: measureSessions },
  { ids: ['P4'], contenders: 5, otherSeconds: 60, measure: measureBetterAuth },
  { ids: ['P5'], contenders: 3, otherSeconds: 10, measure: measureJwt },
  { ids: ['P6'], isNodeAlone: false, contenders: 0, otherSeconds: 30, measure: measureLibrary },
  { ids: ['P7'], contenders: 2, otherSeconds: 10, measure: measureUncached },
  { ids: ['P8'], contenders: 2, otherSeconds: 10, measure: measureLogins },
  { ids: ['P9'], contenders: 1, otherSeconds: 5, measure: measureSlowWechat },
  { ids: ['P10'], isNodeAlone: true, contenders: 0, otherSeconds: 60, measure: measureWriter },
  { ids: ['P13'], isNodeAlone: true, contenders: 0, otherSeconds: 30, measure: measureMemory },
  { ids: ['P15'], isNodeAlone: true, contenders: 3, otherSeconds: 20, measure: measurePostgres },
  { ids: ['P16'], isNodeAlone: true, contenders: 0, otherSeconds: 10, measure: measureClient },
]

export const GROWTH: readonly string[] = ['P11', 'P12']
/** Seeding ten million sessions and walking through them. */
export const GROWTH_SECONDS = 420

export function secondsOf(goal: Goal, bench: Pick<Bench, 'rounds' | 'seconds'>): number {
  return goal.otherSeconds + goal.contenders * (bench.rounds * (bench.seconds + 0.5) + 1)
}
