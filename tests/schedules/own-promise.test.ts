import assert from 'node:assert/strict'
import test from 'node:test'
import { createPromise, type PromiseHost } from './own-promise.ts'

function host() {
  const jobs: (() => void)[] = []
  const lonely = new Map<object, unknown>()
  const parts: PromiseHost = {
    enqueue: (job) => void jobs.push(job),
    onLonely: (promise, reason) => void lonely.set(promise, reason),
    onHeard: (promise) => void lonely.delete(promise),
  }
  const drain = () => {
    for (let job = jobs.shift(); job !== undefined; job = jobs.shift()) job()
  }
  return { OwnPromise: createPromise(parts), drain, lonely }
}

test('reactions run when the host says so, in the order in which they came, as with the language itself', async () => {
  const play = async (Any: PromiseConstructor, drain: () => Promise<void> | void) => {
    const heard: string[] = []
    const note = (name: string) => (value: unknown) => void heard.push(`${name} ${String(value)}`)
    const one = Any.resolve(1)
    one.then(note('first'))
    Any.reject(new Error('no')).then(note('never'), note('failed'))
    one.then(() => Any.resolve(2)).then(note('nested'))
    one.then(note('second')).finally(() => heard.push('finally'))
    Any.all([one, 3]).then(note('all'))
    Any.race([new Any(() => {}), one]).then(note('race'))
    new Any((resolve, reject) => {
      resolve('once')
      reject('twice')
    }).then(note('settled'))
    heard.push('at once')
    await drain()
    return heard
  }
  const { OwnPromise, drain, lonely } = host()
  const own = await play(OwnPromise as unknown as PromiseConstructor, drain)
  const real = await play(Promise, () => new Promise((resolve) => setImmediate(resolve)))
  assert.deepEqual(own, real)
  assert.equal(lonely.size, 0)
})

test('a rejection that nobody listens to is known, and no more so once somebody does', () => {
  const { OwnPromise, drain, lonely } = host()
  const failed = OwnPromise.reject('why')
  assert.deepEqual([...lonely.values()], ['why'])
  failed.catch(() => {})
  drain()
  assert.equal(lonely.size, 0)
  OwnPromise.resolve().then(() => {
    throw new Error('inside')
  })
  drain()
  assert.equal(lonely.size, 1)
})

test('a promise cannot wait for itself, and a thenable that throws rejects', () => {
  const { OwnPromise, drain } = host()
  const heard: string[] = []
  let resolve: (value: unknown) => void = () => {}
  const self = new OwnPromise((settle) => {
    resolve = settle
  })
  resolve(self)
  self.catch((error) => heard.push(String(error)))
  const thenable = {
    // biome-ignore lint/suspicious/noThenProperty: this is what is tested
    then() {
      throw new Error('thrown')
    },
  }
  OwnPromise.resolve(thenable).catch((error) => heard.push(String(error)))
  drain()
  assert.deepEqual(heard, ['TypeError: A promise cannot wait for itself', 'Error: thrown'])
})
