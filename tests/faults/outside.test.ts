import { test } from 'node:test'
import { needs } from '../../tools/needs.ts'
import { shortRound } from './play.ts'
import { clock } from './scenarios/clock.ts'
import { garbage } from './scenarios/garbage.ts'
import { herd } from './scenarios/herd.ts'
import { restored } from './scenarios/restored.ts'
import { slowWechat } from './scenarios/slow-wechat.ts'
import { wechatErrors } from './scenarios/wechat-errors.ts'

test('[R08] a WeChat that is slow holds up no session', shortRound(slowWechat))
test(
  '[R09] errors of WeChat’s make no session, and a storm of them one probe a second',
  shortRound(wechatErrors),
)
test(
  '[R13][T38] a clock that jumps logs nobody out and lets nobody back in',
  needs('faketime'),
  shortRound(clock),
)
test('[R30] what was revoked after a backup stays dead when it is restored', shortRound(restored))
test('[R10] no garbage of WeChat’s makes a session', shortRound(garbage))
test(
  '[R28] when all sessions are ended all are refused, and the herd gets in again within the limits',
  shortRound(herd),
)
