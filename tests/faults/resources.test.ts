import { test } from 'node:test'
import { needs } from '../../tools/needs.ts'
import { shortRound } from './play.ts'
import { busy } from './scenarios/busy.ts'
import { idleConnections, noDescriptors } from './scenarios/exhausted.ts'
import { slowClients } from './scenarios/slow-clients.ts'

test(
  '[R19] without file descriptors it lives on, and serves again when there are some',
  shortRound(noDescriptors),
)
test('[R20][T27] thousands of silent connections keep nobody else out', shortRound(idleConnections))
test('[R20][T27] slow clients keep nobody else waiting', needs('slowhttptest'), shortRound(slowClients))
test('[R23] with all cores taken every session validates', shortRound(busy))
