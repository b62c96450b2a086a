import { test } from 'node:test'
import { needs } from '../../tools/needs.ts'
import { shortRound } from './play.ts'
import { mariadbDown, postgresDown } from './scenarios/database-down.ts'
import { failover } from './scenarios/failover.ts'

test(
  '[R15] whatever becomes of PostgreSQL, what was acknowledged is there, and service comes back by itself',
  needs('postgresql'),
  shortRound(postgresDown),
)
test(
  '[R15] whatever becomes of MariaDB, what was acknowledged is there, and service comes back by itself',
  needs('mariadb'),
  shortRound(mariadbDown),
)
test(
  '[R16] a fail-over to the synchronous standby loses nothing that was acknowledged, and the old primary is left alone',
  needs('postgresql'),
  shortRound(failover),
)
