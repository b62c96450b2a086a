import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { judge } from '../judge.ts'
import type { Round, Scenario } from '../scenario.ts'
import { createWorld } from '../world.ts'

export const noDescriptors: Scenario = {
  name: 'no-descriptors',
  row: 'R19',
  fault: 'the server has no file descriptors left',
  promise:
    'it does not end, acknowledges nothing that is lost, and serves again within 5 s when there are some',
  how: 'ulimit -n 96, and 200 connections that say nothing, under load; then they are closed',
  async run(round) {
    const world = await createWorld(round)
    const server = await world.start({ spawning: { under: ['sh', '-c', 'ulimit -n 96; exec "$@"', 'sh'] } })
    const load = world.load()
    await sleep(400)
    const ended: unknown[] = []
    void server.ended.then((end) => ended.push(end))
    world.history.mark('fault.begun', 'descriptors')
    const port = Number(new URL(server.publicUrl).port)
    const idle = await openIdle(round, port, 200)
    await sleep(round.isLong ? 4_000 : 800)
    for (const socket of idle) socket.destroy()
    world.history.mark('fault.ended', 'descriptors')
    await sleep(1_000)
    await load.stop()
    const broken = ended.length === 0 ? [] : [`the server ended: ${JSON.stringify(ended[0])}`]
    return judge(world, { broken, figures: { connections: idle.length } })
  },
}

export const idleConnections: Scenario = {
  name: 'idle-connections',
  row: 'R20',
  fault: 'thousands of connections that say nothing, and connections that come and go',
  promise: 'sessions validate and logins succeed meanwhile; the silent ones are closed in time',
  how: 'connections that send nothing, as many as given, and 20 at a time that are cut at once, under load',
  async run(round) {
    const world = await createWorld(round)
    const server = await world.start({ env: {} })
    const load = world.load()
    await sleep(300)
    const port = Number(new URL(server.publicUrl).port)
    world.history.mark('fault.begun', 'connections')
    const idle = await openIdle(round, port, round.isLong ? 9_000 : 1_000)
    round.say(`${idle.length} connections are open`)
    for (let turn = 0; turn < (round.isLong ? 200 : 10); turn += 1) await churn(port, 20)
    await sleep(500)
    world.history.mark('fault.ended', 'connections')
    const sinceMs = performance.now()
    while (idle.some((socket) => !socket.destroyed) && performance.now() - sinceMs < 20_000) await sleep(50)
    const open = idle.filter((socket) => !socket.destroyed).length
    await load.stop()
    const outcome = await judge(world, {
      broken: open === 0 ? [] : [`${open} silent connections were open after 20 s`],
      figures: { 'idle connections': idle.length },
    })
    return failedAny(outcome)
  },
}

/** Under these faults everybody is to be answered. */
export function failedAny<Judged extends { unknown: number; broken: readonly string[] }>(
  outcome: Judged,
): Judged {
  if (outcome.unknown === 0) return outcome
  return { ...outcome, broken: [...outcome.broken, `${outcome.unknown} requests were not answered`] }
}

async function openIdle(round: Round, port: number, count: number): Promise<Socket[]> {
  const sockets = Array.from({ length: count }, () => {
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => socket.destroy())
    socket.resume()
    return socket
  })
  round.after(() => {
    for (const socket of sockets) socket.destroy()
  })
  await Promise.race([Promise.all(sockets.map((socket) => once(socket, 'connect'))), sleep(5_000)])
  return sockets
}

async function churn(port: number, count: number): Promise<void> {
  const sockets = Array.from({ length: count }, () => connect(port, '127.0.0.1'))
  for (const socket of sockets) socket.on('error', () => undefined)
  await Promise.race([Promise.all(sockets.map((socket) => once(socket, 'connect'))), sleep(2_000)])
  for (const [at, socket] of sockets.entries()) {
    if (at % 2 === 0) socket.resetAndDestroy()
    else socket.destroy()
  }
}
