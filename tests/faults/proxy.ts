import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'

/**
 * What the proxy does to what passes: `pass` hands on, `delay` holds each piece for `ms`, `trickle` hands on a byte at
 * a time, `hole` swallows everything and says nothing, `refuse` resets whoever comes, `half` ends the answer's side
 * after the request, `garbage` answers what is no HTTP.
 */
export type Mood =
  | { readonly kind: 'pass' }
  | { readonly kind: 'delay'; readonly ms: number }
  | { readonly kind: 'trickle'; readonly everyMs: number }
  | { readonly kind: 'hole' }
  | { readonly kind: 'refuse' }
  | { readonly kind: 'half' }
  | { readonly kind: 'garbage' }

export interface FaultProxy {
  /** Such as `http://127.0.0.1:40123`. */
  readonly url: string
  readonly port: number
  /** Counts for what comes from now on, on open connections too. */
  become(mood: Mood): void
  /** Cuts what is open; `reset` sends RST where it can. New connections are taken. */
  cut(how?: 'end' | 'reset'): void
  /** Drops every nth answer, counted over all connections, and cuts its connection; 0 drops none. */
  dropAnswers(everyNth: number): void
  /** Where new connections go from now on. */
  aim(port: number): void
  readonly counts: { connections: number; dropped: number }
  close(): Promise<void>
}

interface Pair {
  readonly client: Socket
  readonly server: Socket
}

interface State {
  mood: Mood
  target: number
  everyNth: number
  answers: number
  retryMs: number
  readonly pairs: Set<Pair>
  readonly waiting: Set<Socket>
  readonly counts: { connections: number; dropped: number }
}

const GARBAGE = Buffer.from([0x16, 0x03, 0x01, 0xff, 0x00, 0x0d, 0x0a, 0x0d, 0x0a])

/**
 * A TCP proxy that misbehaves on demand, before any server on this machine.
 * @param options.retryConnectMs how long a client waits, connected, for a server that refuses to be reached. Default 0.
 * @param options.host the address of this machine at which it listens. Default 127.0.0.1.
 */
export async function startFaultProxy(
  target: number,
  options: { readonly retryConnectMs?: number; readonly host?: string } = {},
): Promise<FaultProxy> {
  const state: State = {
    mood: { kind: 'pass' },
    target,
    everyNth: 0,
    answers: 0,
    retryMs: options.retryConnectMs ?? 0,
    pairs: new Set(),
    waiting: new Set(),
    counts: { connections: 0, dropped: 0 },
  }
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => void welcome(state, client))
  server.listen(0, options.host ?? '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return faceOf(state, server, port)
}

function faceOf(state: State, server: Server, port: number): FaultProxy {
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    become: (mood) => {
      state.mood = mood
    },
    cut: (how = 'end') => cutAll(state, how),
    dropAnswers: (everyNth) => {
      state.everyNth = everyNth
    },
    aim: (target) => {
      state.target = target
    },
    counts: state.counts,
    close: async () => {
      cutAll(state, 'end')
      server.close()
      for (const socket of state.waiting) socket.destroy()
      if (server.listening) await once(server, 'close')
    },
  }
}

function cutAll({ pairs }: State, how: 'end' | 'reset'): void {
  for (const { client, server } of [...pairs]) {
    if (how === 'reset') client.resetAndDestroy()
    else client.destroy()
    server.destroy()
  }
}

async function welcome(state: State, client: Socket): Promise<void> {
  state.counts.connections += 1
  client.on('error', () => client.destroy())
  if (state.mood.kind === 'refuse') return void client.resetAndDestroy()
  client.pause()
  state.waiting.add(client)
  const server = await reach(state, client)
  state.waiting.delete(client)
  if (server === null) return void client.destroy()
  join(state, { client, server })
}

/** A proxy that retries to connect is what hides a restart from clients: nothing was sent yet. */
async function reach(state: State, client: Socket): Promise<Socket | null> {
  const untilMs = performance.now() + state.retryMs
  for (;;) {
    const server = connect({ port: state.target, host: '127.0.0.1', noDelay: true, allowHalfOpen: true })
    try {
      await once(server, 'connect')
      return server
    } catch {
      server.destroy()
    }
    if (client.destroyed || performance.now() > untilMs) return null
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

function join(state: State, pair: Pair, sent: readonly Buffer[] = []): void {
  const { client, server } = pair
  state.pairs.add(pair)
  const asked = [...sent]
  let isAnswered = false
  const toServer = createLane(state, server)
  const toClient = createLane(state, client)
  for (const piece of sent) toServer.send(piece)
  const onAsked = (piece: Buffer) => {
    if (state.mood.kind === 'garbage') return void client.end(GARBAGE)
    asked.push(piece)
    toServer.send(piece)
    if (state.mood.kind === 'half') client.end()
  }
  client.on('data', onAsked)
  server.on('data', (piece: Buffer) => {
    if (isDropped(state, piece)) return void client.destroy()
    isAnswered = true
    if (!client.writableEnded) toClient.send(piece)
  })
  client.on('end', () => toServer.end())
  server.on('end', () => {
    if (isAnswered || !mayAskAgain(state, asked)) toClient.end()
    else server.destroy()
  })
  const over = () => {
    if (!state.pairs.delete(pair)) return
    server.destroy()
    client.off('data', onAsked)
    if (isAnswered || client.destroyed || !mayAskAgain(state, asked)) return void client.destroy()
    void reach(state, client).then((next) => {
      if (next === null) client.destroy()
      else join(state, { client, server: next }, asked)
    })
  }
  for (const socket of [client, server]) socket.on('close', over).on('error', over)
  client.resume()
}

/** As proxies do that retry: what changes nothing is asked once more of the next server, where no answer began. */
function mayAskAgain({ retryMs }: State, asked: readonly Buffer[]): boolean {
  return retryMs > 0 && asked[0]?.subarray(0, 4).toString() === 'GET '
}

/** An answer begins with its status line; the hundredth part of one is not counted again. */
function isDropped(state: State, piece: Buffer): boolean {
  if (state.everyNth === 0 || !piece.subarray(0, 5).equals(Buffer.from('HTTP/'))) return false
  state.answers += 1
  if (state.answers % state.everyNth !== 0) return false
  state.counts.dropped += 1
  return true
}

interface Lane {
  send(piece: Buffer): void
  end(): void
}

/** Keeps the order whatever the mood does to single pieces. */
function createLane(state: State, to: Socket): Lane {
  let last: Promise<void> = Promise.resolve()
  const next = (work: () => Promise<void>) => {
    last = last.then(work).catch(() => undefined)
  }
  return {
    send: (piece) => next(() => handOn(state, to, piece)),
    end: () =>
      next(async () => {
        if (!to.destroyed && state.mood.kind !== 'hole') to.end()
      }),
  }
}

async function handOn(state: State, to: Socket, piece: Buffer): Promise<void> {
  const { mood } = state
  if (mood.kind === 'hole') return
  if (mood.kind === 'delay') await pause(mood.ms)
  if (mood.kind !== 'trickle') return write(to, piece)
  for (const byte of piece) {
    await pause(mood.everyMs)
    write(to, Buffer.of(byte))
  }
}

function write(to: Socket, piece: Buffer): void {
  if (!to.destroyed && !to.writableEnded) to.write(piece)
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
