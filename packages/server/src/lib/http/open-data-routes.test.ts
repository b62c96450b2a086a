import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { openDataShape, problemShape } from './answer-schemas.ts'
import { openDataOf, openDesk, SESSION_KEY } from './testing/desk.ts'

function signed(rawData: string) {
  const signature = createHash('sha1')
    .update(rawData + SESSION_KEY.toString('base64'))
    .digest('hex')
  return { rawData, signature }
}

test('[F31] encrypted data of the caller comes back plain, without identity', async () => {
  const desk = openDesk()
  const { token } = await desk.login('alice-1')
  const json = openDataOf('alice')
  const response = await desk.publicly('/me/open-data', { method: 'POST', token, json })
  const data = openDataShape.parse(await response.json())
  assert.deepEqual([data.userInfo.nickName, data.integrity], ['Ali', 'none'])
  const again = await desk.publicly('/me/open-data', { method: 'POST', token, json })
  assert.equal(problemShape.parse(await again.json()).code, 'conflict')
})

test('[F30] signed data is told from forged data', async () => {
  const desk = openDesk()
  const { token } = await desk.login('alice-1')
  const json = signed('{"nickName":"Ali","avatarUrl":"https://a.test/1.png"}')
  const good = await desk.publicly('/me/open-data', { method: 'POST', token, json })
  assert.equal(openDataShape.parse(await good.json()).integrity, 'signature')
  const forged = { ...json, rawData: json.rawData.replace('Ali', 'Bob') }
  const bad = await desk.publicly('/me/open-data', { method: 'POST', token, json: forged })
  assert.equal(bad.status, 422)
})

test('[T06] whatever is wrong inside encrypted data, the answer is the same to the byte', async () => {
  const desk = openDesk({ deps: { trustProxy: ['203.0.113.7'] } })
  const { encryptedData, iv } = openDataOf('alice')
  const bytes = Buffer.from(encryptedData, 'base64')
  const flipped = (index: number) => {
    const copy = Buffer.from(bytes)
    copy.writeUInt8(copy.readUInt8(index) ^ 1, index)
    return { iv, encryptedData: copy.toString('base64') }
  }
  const wrong = [
    flipped(bytes.length - 1),
    flipped(0),
    { iv, encryptedData: bytes.subarray(0, -1).toString('base64') },
    { iv, encryptedData: bytes.subarray(0, -16).toString('base64') },
    openDataOf('alice', { watermark: { timestamp: 1, appid: 'wx1' } }),
    openDataOf('bob'),
    { iv: Buffer.alloc(16).toString('base64'), encryptedData: Buffer.alloc(64).toString('base64') },
  ]
  const { token } = await desk.login('alice-1')
  const seen = new Set<string>()
  for (const json of wrong) {
    const headers = { 'x-request-id': 'request-1' }
    const response = await desk.publicly('/me/open-data', { method: 'POST', token, json, headers })
    seen.add(`${response.status} ${JSON.stringify([...response.headers])} ${await response.text()}`)
  }
  assert.equal(seen.size, 1)
  assert.match([...seen].join(), /^422 .*session_key_stale/)
})

test('[T06] a session may try ten times a minute', async () => {
  const desk = openDesk()
  const { token } = await desk.login('alice-1')
  const other = await desk.login('bob-1')
  const post = (by: string) =>
    desk.publicly('/me/open-data', { method: 'POST', token: by, json: openDataOf('eve') })
  for (let index = 0; index < 10; index += 1) assert.equal((await post(token)).status, 422)
  assert.equal((await post(token)).status, 429)
  assert.equal((await post(other.token)).status, 422)
})

test('parts that are missing or no base64 are named', async () => {
  const desk = openDesk()
  const { token } = await desk.login('alice-1')
  const { encryptedData, iv } = openDataOf('alice')
  const bad: [object, string][] = [
    [{}, 'encryptedData'],
    [{ iv }, 'encryptedData'],
    [{ encryptedData }, 'iv'],
    [{ rawData: '{}' }, 'signature'],
    [{ signature: 'a'.repeat(40) }, 'rawData'],
    [{ encryptedData: `${encryptedData}!`, iv }, 'encryptedData'],
    [{ encryptedData, iv: 'AAAA' }, 'iv'],
    [{ encryptedData, iv: `${iv.slice(0, 21)}B==` }, 'iv'],
    [{ encryptedData: '', iv }, 'encryptedData'],
    [{ encryptedData, iv, openid: 'o' }, 'openid'],
    [{ rawData: '{}', signature: 'A'.repeat(40) }, 'signature'],
  ]
  for (const [json, field] of bad) {
    const response = await desk.publicly('/me/open-data', { method: 'POST', token, json })
    assert.deepEqual([response.status, problemShape.parse(await response.json()).field], [400, field])
  }
})

test('[T06] data that is no whole blocks is refused by the verb itself, which counts it and keeps its line', async () => {
  const desk = openDesk()
  const { token } = await desk.login('alice-1')
  const json = { encryptedData: 'AAAA', iv: openDataOf('alice').iv }
  const response = await desk.publicly('/me/open-data', { method: 'POST', token, json })
  assert.equal(problemShape.parse(await response.json()).code, 'session_key_stale')
  assert.equal(desk.lines.filter(({ event }) => event === 'open_data.refused').length, 1)
})
