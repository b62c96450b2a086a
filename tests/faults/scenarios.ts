import type { Scenario } from './scenario.ts'
import { busy } from './scenarios/busy.ts'
import { clock } from './scenarios/clock.ts'
import { mariadbDown, postgresDown } from './scenarios/database-down.ts'
import { idleConnections, noDescriptors } from './scenarios/exhausted.ts'
import { failedSync } from './scenarios/failed-sync.ts'
import { failingStore, throwingStore } from './scenarios/failing-store.ts'
import { failover } from './scenarios/failover.ts'
import { fullDisk } from './scenarios/full-disk.ts'
import { garbage } from './scenarios/garbage.ts'
import { herd } from './scenarios/herd.ts'
import { kill } from './scenarios/kill.ts'
import { locked } from './scenarios/locked.ts'
import { lostAnswers } from './scenarios/lost-answers.ts'
import { mismatch } from './scenarios/mismatch.ts'
import { powerLoss } from './scenarios/power-loss.ts'
import { clusterTorn, redisDown } from './scenarios/redis-down.ts'
import { restored } from './scenarios/restored.ts'
import { rolling } from './scenarios/rolling.ts'
import { rotation } from './scenarios/rotation.ts'
import { slowClients } from './scenarios/slow-clients.ts'
import { slowWechat } from './scenarios/slow-wechat.ts'
import { stopped } from './scenarios/stopped.ts'
import { terminated } from './scenarios/terminated.ts'
import { wechatErrors } from './scenarios/wechat-errors.ts'

/** All of them, in the order of the table. */
export const scenarios: readonly Scenario[] = [
  kill,
  powerLoss,
  failingStore,
  fullDisk,
  failedSync,
  locked,
  slowWechat,
  wechatErrors,
  garbage,
  clock,
  stopped,
  postgresDown,
  mariadbDown,
  failover,
  clusterTorn,
  redisDown,
  noDescriptors,
  idleConnections,
  slowClients,
  busy,
  terminated,
  rolling,
  rotation,
  lostAnswers,
  herd,
  restored,
  mismatch,
  throwingStore,
]
