import { test } from 'node:test'
import { shortRound } from './play.ts'
import { lostAnswers } from './scenarios/lost-answers.ts'
import { rotation } from './scenarios/rotation.ts'
import { stopped } from './scenarios/stopped.ts'
import { terminated } from './scenarios/terminated.ts'

test('[R14][T37] stopped, continued and held up, it forgets no login and no end of one', shortRound(stopped))
test('[R24] ended and started anew under load, nobody behind a proxy notices', shortRound(terminated))
test('[R27] of lost answers no second session comes, and every user gets in', shortRound(lostAnswers))
test(
  '[R26][T33] master, signing and API keys change under load: no request is refused, and what old ones sealed opens',
  shortRound(rotation),
)
