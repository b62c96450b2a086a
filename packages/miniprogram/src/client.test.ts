import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startWorld } from './testing/world.ts'

test('[F57] the first request logs in silently and is answered as the user', async (t) => {
  const world = await startWorld(t)
  const yaopai = world.client(world.phone())
  assert.deepEqual([yaopai.user], [null])
  const res = await yaopai.request<{ user: string }>({ url: '/orders' })
  assert.equal(res.statusCode, 200)
  assert.equal(res.data.user, yaopai.user?.id)
  assert.equal(world.count('POST', '/login'), 1)
})

test('[F58] a hundred requests at once make one wx.login', async (t) => {
  const world = await startWorld(t)
  const wx = world.phone()
  const yaopai = world.client(wx)
  const answers = await Promise.all(
    Array.from({ length: 100 }, (_, index) => yaopai.request({ url: `/orders/${index}` })),
  )
  assert.ok(answers.every(({ statusCode }) => statusCode === 200))
  assert.equal(wx.phone.counts().login, 1)
})
