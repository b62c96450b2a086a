import { test } from 'node:test'
import { needs } from '../../tools/needs.ts'
import { shortRound } from './play.ts'
import { failedSync } from './scenarios/failed-sync.ts'
import { canMount, fullDisk } from './scenarios/full-disk.ts'
import { kill } from './scenarios/kill.ts'
import { locked } from './scenarios/locked.ts'

const disk = canMount() ? {} : { skip: 'needs to mount a file system (root)' }

test(
  '[R01] killed under load, nothing that was acknowledged is lost and nothing is half done',
  shortRound(kill),
)
test(
  '[R04] on a full disk nobody is logged in, sessions validate, and space alone mends it',
  disk,
  shortRound(fullDisk),
)
test(
  '[R05] a sync that fails ends the server with 70, and what was acknowledged is there',
  needs('strace'),
  shortRound(failedSync),
)
test('[R07] a lock that another holds delays logins alone, and keeps no lock on the rest', shortRound(locked))
