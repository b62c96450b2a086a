import { test } from 'node:test'
import { needs } from '../../tools/needs.ts'
import { shortRound } from './play.ts'
import { clock } from './scenarios/clock.ts'
import { restored } from './scenarios/restored.ts'
import { slowWechat } from './scenarios/slow-wechat.ts'

test('[R08][R09] a WeChat that is slow or wrong holds up no session', shortRound(slowWechat))
test(
  '[R13][T38] a clock that jumps logs nobody out and lets nobody back in',
  needs('faketime'),
  shortRound(clock),
)
test('[R30] what was revoked after a backup stays dead when it is restored', shortRound(restored))
