import type { Scenario } from './scenario.ts'
import { busy } from './scenarios/busy.ts'
import { clock } from './scenarios/clock.ts'
import { idleConnections, noDescriptors } from './scenarios/exhausted.ts'
import { failedSync } from './scenarios/failed-sync.ts'
import { failingStore, throwingStore } from './scenarios/failing-store.ts'
import { fullDisk } from './scenarios/full-disk.ts'
import { garbage } from './scenarios/garbage.ts'
import { herd } from './scenarios/herd.ts'
import { kill } from './scenarios/kill.ts'
import { locked } from './scenarios/locked.ts'
import { lostAnswers } from './scenarios/lost-answers.ts'
import { powerLoss } from './scenarios/power-loss.ts'
import { restored } from './scenarios/restored.ts'
import { slowClients } from './scenarios/slow-clients.ts'
import { slowWechat } from './scenarios/slow-wechat.ts'
import { stopped } from './scenarios/stopped.ts'
import { terminated } from './scenarios/terminated.ts'

/** All of them, in the order of the table. */
export const scenarios: readonly Scenario[] = [
  kill,
  powerLoss,
  failingStore,
  fullDisk,
  failedSync,
  locked,
  slowWechat,
  garbage,
  clock,
  stopped,
  noDescriptors,
  idleConnections,
  slowClients,
  busy,
  terminated,
  lostAnswers,
  herd,
  restored,
  throwingStore,
]
