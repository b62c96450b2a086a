import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { judge, slowestMs, unansweredReasons } from '../judge.ts'
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
  how:
    'connections that send nothing, a thousand in one moment, as many as given, and 20 at a time that are cut at once, ' +
    'under load; each thousand is followed by a question, whose answer shows that the server has taken them all',
  async run(round) {
    const world = await createWorld(round)
    const server = await world.start()
    const load = world.load()
    await sleep(300)
    const port = Number(new URL(server.publicUrl).port)
    world.history.mark('fault.begun', 'connections')
    const { idle, broken } = await openCrowds(round, server.publicUrl, round.isLong ? 9 : 1)
    const atOnce = idle.filter((socket) => !socket.destroyed).length
    round.say(`${idle.length} connections were taken, ${atOnce} are open`)
    for (let turn = 0; turn < (round.isLong ? 200 : 10); turn += 1) await churn(port, 20)
    await sleep(500)
    world.history.mark('fault.ended', 'connections')
    const sinceMs = performance.now()
    while (idle.some((socket) => !socket.destroyed) && performance.now() - sinceMs < 20_000) await sleep(50)
    const open = idle.filter((socket) => !socket.destroyed).length
    await load.stop()
    if (open > 0) broken.push(`${open} silent connections were open after 20 s`)
    const figures = {
      'idle connections': idle.length,
      'of them open at once': atOnce,
      'slowest question (ms)': slowestMs(world, 'validate'),
      'slowest login (ms)': slowestMs(world, 'login'),
    }
    const outcome = await judge(world, { broken: [...broken, ...unansweredReasons(world)], figures })
    return failedAny(outcome)
  },
}

/** What is opened in one moment waits in the kernel until the server takes it; beyond that it would be dropped. */
const CROWD = 1_000

/**
 * Silent connections, crowd by crowd. A client cannot tell whether the server has one of its connections: where the
 * queue is full the kernel says yes to it and forgets it. The queue is taken in order, so the answer to a question that
 * was asked after a crowd says that all before it were taken.
 */
async function openCrowds(
  round: Round,
  url: string,
  crowds: number,
): Promise<{ idle: Socket[]; broken: string[] }> {
  const idle: Socket[] = []
  const broken: string[] = []
  for (let crowd = 0; crowd < crowds; crowd += 1) {
    idle.push(...(await openIdle(round, Number(new URL(url).port), CROWD)))
    const left = idle.filter(({ connecting }) => connecting).length
    if (left > 0) broken.push(`${left} of ${idle.length} connections were not taken within 5 s`)
    const { status } = await fetch(`${url}/healthz`, { headers: { Connection: 'close' } })
    if (status !== 200) broken.push(`a question behind ${idle.length} silent connections got ${status}`)
  }
  return { idle, broken }
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
