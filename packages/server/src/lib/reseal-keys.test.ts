import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sampleMasterKey } from '../testing/sample-vault.ts'
import { systemRandom } from './random.ts'
import { resealKeys } from './reseal-keys.ts'
import { Secret } from './secret.ts'
import { firstLogin, sampleIdentity } from './store/contract/samples.ts'
import { createMemoryStore } from './store/memory/memory-store.ts'
import { createVault } from './vault.ts'

const vaultOf = (...kids: string[]) => createVault(kids.map(sampleMasterKey), systemRandom)

async function bookSealedUnder(kids: readonly string[], identities: number) {
  const store = createMemoryStore()
  for (let n = 1; n <= identities; n += 1) {
    const identity = sampleIdentity(n)
    const keyRing = kids.map((kid, index) => vaultOf(kid).seal(new Secret(`key ${n} ${index}`), identity))
    const plan = firstLogin(n)
    await store.recordLogin({ ...plan, identity: { kind: 'create', record: { ...identity, keyRing } } })
  }
  return store
}

test('[T33][R26] what older keys have sealed is sealed under the first, and opens without the others', async () => {
  const store = await bookSealedUnder(['k1', 'k2'], 3)
  const vault = vaultOf('k3', 'k2', 'k1')
  const trial = await resealKeys({ store, vault }, { isTrial: true })
  assert.deepEqual([trial.identities, trial.resealed, trial.unreadable.size], [3, 6, 0])
  const report = await resealKeys({ store, vault }, { isTrial: false })
  assert.deepEqual(report, trial)
  assert.equal((await resealKeys({ store, vault }, { isTrial: false })).resealed, 0)
  for (const identity of await store.pageIdentities({ after: null, limit: 10 })) {
    const opened = identity.keyRing.map((sealed) => vaultOf('k3').open(sealed, identity)?.reveal())
    const n = Number(/\d+/.exec(opened[0] ?? '')?.[0])
    assert.deepEqual(opened, [`key ${n} 0`, `key ${n} 1`])
  }
})

test('[T33] what a retired key has sealed is told by the name of that key, and left as it is', async () => {
  const store = await bookSealedUnder(['gone', 'k1'], 2)
  const before = await store.pageIdentities({ after: null, limit: 10 })
  const report = await resealKeys({ store, vault: vaultOf('k2', 'k1') }, { isTrial: false })
  assert.deepEqual([report.resealed, [...report.unreadable]], [2, [['gone', 2]]])
  const after = await store.pageIdentities({ after: null, limit: 10 })
  assert.deepEqual(
    after.map(({ keyRing }) => keyRing[0]),
    before.map(({ keyRing }) => keyRing[0]),
  )
})

test('a login that writes at the same time keeps its key', async () => {
  const store = await bookSealedUnder(['k1'], 1)
  const vault = vaultOf('k2', 'k1')
  const newer = vault.seal(new Secret('newer'), sampleIdentity(1))
  let isFirst = true
  const disturbed = {
    ...store,
    async replaceKeyRing(change: Parameters<typeof store.replaceKeyRing>[0]) {
      if (isFirst) {
        isFirst = false
        const [old = ''] = (await store.findIdentity(change.key))?.keyRing ?? []
        await store.replaceKeyRing({ ...change, keyRing: [newer, old] })
      }
      return store.replaceKeyRing(change)
    },
  }
  assert.equal((await resealKeys({ store: disturbed, vault }, { isTrial: false })).resealed, 1)
  const [identity] = await store.pageIdentities({ after: null, limit: 1 })
  assert.equal(identity?.keyRing[0], newer)
  assert.ok(identity?.keyRing.every((sealed) => vault.isCurrent(sealed)))
})
