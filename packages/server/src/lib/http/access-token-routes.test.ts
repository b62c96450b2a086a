import assert from 'node:assert/strict'
import { test } from 'node:test'
import { APPID, OTHER_APPID, openDesk } from './testing/desk.ts'

const PATH = `/apps/${APPID}/access-token`

test('[F38] a back end with the scope gets the token, and nobody else does', async () => {
  const desk = openDesk()
  const answer = await desk.internally(PATH, { token: desk.apiKeys.hub })
  assert.deepEqual(await answer.json(), { accessToken: '89_friendly', expiresInSeconds: 7_200 })
  assert.equal(answer.headers.get('cache-control'), 'no-store')
  assert.equal((await desk.internally(PATH, { token: desk.apiKeys.orders })).status, 403)
  assert.equal((await desk.internally(PATH)).status, 401)
  assert.equal((await desk.publicly(PATH, { token: desk.apiKeys.hub })).status, 404)
  const unknown = await desk.internally(`/apps/${OTHER_APPID}/access-token`, { token: desk.apiKeys.hub })
  assert.equal(unknown.status, 400)
  assert.equal((await desk.internally(`${PATH}?refresh=now`, { token: desk.apiKeys.hub })).status, 400)
  assert.ok(!JSON.stringify(desk.lines).includes('89_friendly'))
})
