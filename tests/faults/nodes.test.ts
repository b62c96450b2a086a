import { test } from 'node:test'
import { needs } from '../../tools/needs.ts'
import { shortRound } from './play.ts'
import { mismatch } from './scenarios/mismatch.ts'
import { clusterTorn, redisDown } from './scenarios/redis-down.ts'
import { rolling } from './scenarios/rolling.ts'

const both = needs('postgresql', 'redis')

test(
  '[R17] a torn Redis Cluster fails no request and hides no end of a session',
  both,
  shortRound(clusterTorn),
)
test('[R18] a Redis that is gone, full, cut off or lying does neither', both, shortRound(redisDown))
test(
  '[R25][R24] nodes restart one after another, also on a schema that has grown, and no question fails',
  needs('postgresql'),
  shortRound(rolling),
)
test(
  '[R31] a node with other keys, another clock or another schema does not start, and the others notice nothing',
  needs('postgresql', 'faketime'),
  shortRound(mismatch),
)
