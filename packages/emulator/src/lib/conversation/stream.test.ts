import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { Emulator, Station } from '../../index.ts'
import { mirror, startBackend } from '../../test-support/backend.ts'
import { APPID, startForTest } from '../../test-support/kit.ts'
import { ask, proxiedWx } from '../../test-support/proxied.ts'

const alice = { appid: APPID, user: 'alice' }
const PATH = '/_emulator/conversation/stream'

interface StreamEvent {
  id: string | undefined
  name: string
  value: unknown
}

interface Listener {
  /** The next so many events; comments are none. */
  take(count: number): Promise<StreamEvent[]>
  /** The next so many of this name, and what came between them. */
  takeNamed(name: string, count: number): Promise<StreamEvent[]>
  /** What came that is no event. */
  comments(): number
  /** Resolves when the stream ends. */
  end(): Promise<void>
}

function parseEvent(block: string): StreamEvent {
  const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1]
  return { id: field('id'), name: field('event') ?? '', value: JSON.parse(field('data') ?? 'null') }
}

async function listen(
  t: TestContext,
  emulator: Emulator,
  path = PATH,
  headers: Record<string, string> = {},
): Promise<Listener> {
  const hangUp = new AbortController()
  t.after(() => hangUp.abort())
  const response = await fetch(`${emulator.url}${path}`, { headers, signal: hangUp.signal })
  assert.match(response.headers.get('content-type') ?? '', /^text\/event-stream/)
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  let [text, comments] = ['', 0]
  const nextBlock = async (): Promise<string | undefined> => {
    for (;;) {
      const end = text.indexOf('\n\n')
      if (end >= 0) {
        const block = text.slice(0, end)
        text = text.slice(end + 2)
        return block
      }
      const part = await reader?.read()
      if (!part || part.done) return undefined
      text += part.value
    }
  }
  const next = async (): Promise<StreamEvent> => {
    const block = await nextBlock()
    assert.ok(block !== undefined, 'the stream ended')
    if (!block.startsWith(':')) return parseEvent(block)
    comments += 1
    return next()
  }
  return {
    comments: () => comments,
    async take(count) {
      const events: StreamEvent[] = []
      while (events.length < count) events.push(await next())
      return events
    },
    async takeNamed(name, count) {
      const events: StreamEvent[] = []
      while (events.filter((event) => event.name === name).length < count) events.push(await next())
      return events
    },
    async end() {
      while ((await nextBlock()) !== undefined);
    },
  }
}

const names = (events: StreamEvent[]) =>
  events.map(({ name, id }) => (id === undefined ? name : `${name} ${id}`))

test('[F86] the stream tells what was, then what happens, each arrow with its number and its stations before it', async (t) => {
  const emulator = await startForTest(t)
  emulator.login(alice)
  const listener = await listen(t, emulator)
  const before = await listener.take(3)
  assert.deepEqual(names(before), ['stations', 'arrow 1', 'arrow 2'])
  assert.deepEqual(
    before.slice(1).map(({ value }) => value),
    emulator.conversation().arrows,
  )
  const url = await startBackend(t, mirror)
  await ask(proxiedWx(emulator), { url })
  const events = await listener.takeNamed('arrow', 2)
  assert.deepEqual(names(events), ['stations', 'arrow 3', 'arrow 4'])
  const stations = events[0]?.value as Station[] // by its name
  assert.deepEqual(stations.at(-1), { id: url, kind: 'back-end' })
})

test('[F86] a listener that comes back hears what it missed, and nothing twice', async (t) => {
  const emulator = await startForTest(t)
  for (let turn = 0; turn < 150; turn += 1) emulator.login(alice)
  const back = await listen(t, emulator, `${PATH}?after=5`, { 'last-event-id': '297' })
  assert.deepEqual(names(await back.take(4)), ['stations', 'arrow 298', 'arrow 299', 'arrow 300'])
  const whole = await listen(t, emulator, `${PATH}?after=0`)
  const events = (await whole.take(301)).slice(1)
  assert.deepEqual(
    events.map(({ id }) => Number(id)),
    Array.from({ length: 300 }, (_, index) => index + 1),
  )
})

test('[F86] a listener of an emulator that is gone hears that all is gone, and then all of this one', async (t) => {
  const emulator = await startForTest(t)
  emulator.login(alice)
  const listener = await listen(t, emulator, PATH, { 'last-event-id': '500' })
  assert.deepEqual(names(await listener.take(4)), ['cleared', 'stations', 'arrow 1', 'arrow 2'])
})

test('[F86] a listener hears that all was cleared, and goes on with what comes then', async (t) => {
  const emulator = await startForTest(t)
  const listener = await listen(t, emulator)
  emulator.login(alice)
  await listener.takeNamed('arrow', 2)
  emulator.clearConversation()
  emulator.login(alice)
  const events = names(await listener.takeNamed('arrow', 2))
  assert.deepEqual(
    events.filter((name) => name !== 'stations'),
    ['cleared', 'arrow 3', 'arrow 4'],
  )
})

test('[F86] a slow listener stops nobody and misses nothing', async (t) => {
  const emulator = await startForTest(t)
  const url = await startBackend(t, (_req, res) => res.end('z'.repeat(60_000)))
  const listener = await listen(t, emulator)
  const wx = proxiedWx(emulator)
  await Promise.all(Array.from({ length: 100 }, () => ask(wx, { url })))
  const events = (await listener.takeNamed('arrow', 200)).filter(({ name }) => name === 'arrow')
  const seqs = events.map(({ id }) => Number(id))
  assert.deepEqual(
    seqs,
    Array.from({ length: 200 }, (_, index) => index + 1),
  )
})

test('[F86] a silent stream is kept alive by comments', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  const emulator = await startForTest(t)
  const listener = await listen(t, emulator)
  t.mock.timers.tick(15_000)
  t.mock.timers.tick(15_000)
  emulator.login(alice)
  await listener.takeNamed('arrow', 2)
  assert.equal(listener.comments(), 2)
})

test('[F86] the stream ends when the emulator does', async (t) => {
  const emulator = await startForTest(t)
  const listener = await listen(t, emulator)
  await emulator.close()
  await listener.end()
})

test('[F86] the stream and the text are for this machine alone', async (t) => {
  const emulator = await startForTest(t)
  for (const path of [PATH, '/_emulator/conversation.txt']) {
    const response = await fetch(`${emulator.url}${path}`, { headers: { origin: 'https://evil.example' } })
    assert.equal(response.status, 403)
    await response.body?.cancel()
  }
})
