// Pictures: sent as wx.uploadFile sends them, to the demo before a real Yaopai.
import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { type RealYaopai, startRealYaopai } from '../testing/real-yaopai.ts'
import { Avatars, pictureIn } from './avatars.ts'
import { type RunningDemo, start } from './start.ts'

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
const JPEG = Buffer.from('ffd8ffe000104a46494600', 'hex')
const WEBP = Buffer.concat([Buffer.from('RIFF\0\0\0\0WEBPVP8 ')])
const MAX_BYTES = 2 * 1024 * 1024

test('a picture is what its first bytes say', () => {
  assert.equal(pictureIn(PNG)?.type, 'image/png')
  assert.equal(pictureIn(JPEG)?.type, 'image/jpeg')
  assert.equal(pictureIn(WEBP)?.type, 'image/webp')
  const others = [
    '',
    'RIFF',
    'RIFF\0\0\0\0WAVE',
    '<svg xmlns="http://www.w3.org/2000/svg"/>',
    'GIF89a',
    ' \u0089PNG',
  ]
  for (const text of others) assert.equal(pictureIn(Buffer.from(text)), null, text)
})

test('pictures have bounded room: one for each user, and the oldest go first', () => {
  const avatars = new Avatars(300)
  const picture = (bytes: number) => ({ type: 'image/png', bytes: Buffer.alloc(bytes) }) as const
  const first = avatars.put('usr_a', picture(100))
  const second = avatars.put('usr_b', picture(100))
  for (let count = 0; count < 20; count += 1) avatars.put('usr_c', picture(100))
  assert.ok(avatars.get(first) && avatars.get(second), 'one user’s many pictures push out nobody else’s')
  const last = avatars.put('usr_d', picture(150))
  assert.deepEqual([avatars.get(first), avatars.get(second)], [undefined, undefined])
  assert.equal(avatars.get(last)?.bytes.length, 150)
  assert.equal(avatars.get(avatars.put('usr_e', picture(301))), undefined, 'what fits in no room is not kept')
})

describe('POST /avatar', () => {
  let yaopai: RealYaopai
  let demo: RunningDemo

  before(async () => {
    yaopai = await startRealYaopai()
    const { internalUrl, apiKey } = yaopai
    demo = await start({ port: 0, internalUrl, apiKey })
  })
  after(async () => {
    await demo?.stop()
    await yaopai?.stop()
  })

  const post = (token: string | null, body: FormData | string, header: Record<string, string> = {}) =>
    fetch(`${demo.url}/avatar`, {
      method: 'POST',
      headers: { ...header, ...(token === null ? {} : { authorization: `Bearer ${token}` }) },
      body,
    })
  const form = (...files: [field: string, bytes: Buffer][]) => {
    const data = new FormData()
    for (const [field, bytes] of files)
      data.append(field, new Blob([new Uint8Array(bytes)]), 'tmp_avatar.png')
    return data
  }
  const refusal = async (response: Response) => {
    const problem: unknown = await response.json()
    assert.ok(typeof problem === 'object' && problem !== null)
    return { status: response.status, code: undefined, field: undefined, ...problem }
  }
  const urlIn = async (response: Response) => {
    const answer: unknown = await response.json()
    assert.equal(response.status, 201, JSON.stringify(answer))
    assert.ok(typeof answer === 'object' && answer !== null && 'avatarUrl' in answer)
    return String(answer.avatarUrl)
  }
  const shown = async (url: string) => Buffer.from(await (await fetch(url)).arrayBuffer())

  test('[F63] a picture comes back byte for byte, as a picture and as nothing else', async () => {
    const { token } = await yaopai.login('alice')
    const url = await urlIn(await post(token, form(['avatar', PNG])))
    assert.ok(url.startsWith(`${demo.url}/avatars/`))
    const response = await fetch(url)
    assert.deepEqual(Buffer.from(await response.arrayBuffer()), PNG)
    assert.equal(response.headers.get('content-type'), 'image/png')
    assert.equal(response.headers.get('x-content-type-options'), 'nosniff')
    assert.match(response.headers.get('content-security-policy') ?? '', /sandbox/)
  })

  test('Yaopai takes the address of the picture into the profile', async () => {
    const { token } = await yaopai.login('alice')
    const avatarUrl = await urlIn(await post(token, form(['avatar', PNG])))
    const changed = await fetch(`${yaopai.publicUrl}/me`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ avatarUrl }),
    })
    const { avatarUrl: kept } = { avatarUrl: null, ...((await changed.json()) as object) }
    assert.deepEqual([changed.status, kept], [200, avatarUrl])
  })

  test('a new picture replaces the own old one, and nobody else’s', async () => {
    const [alice, bob] = [await yaopai.login('alice'), await yaopai.login('bob')]
    const ofBob = await urlIn(await post(bob.token, form(['avatar', JPEG])))
    const old = await urlIn(await post(alice.token, form(['avatar', PNG])))
    const fresh = await urlIn(await post(alice.token, form(['avatar', WEBP])))
    assert.notEqual(old, fresh)
    assert.equal((await fetch(old)).status, 404)
    assert.deepEqual([await shown(fresh), await shown(ofBob)], [WEBP, JPEG])
  })

  test('strangers are refused before their picture is read', async () => {
    const refused = await refusal(await post(null, form(['avatar', PNG])))
    assert.deepEqual([refused.status, refused.code], [401, 'missing_token'])
    const junk = await refusal(await post(`yp1_${'A'.repeat(58)}`, form(['avatar', PNG])))
    assert.deepEqual([junk.status, junk.code], [401, 'invalid_token'])
  })

  test('what is no picture, too large, or not what was asked for is refused by name, and changes nothing', async () => {
    const { token } = await yaopai.login('alice')
    const kept = await urlIn(await post(token, form(['avatar', PNG])))
    const extra = form(['avatar', PNG])
    extra.append('userId', 'usr_someone')
    const rows: [string, FormData, number, string][] = [
      ['an svg', form(['avatar', Buffer.from('<svg onload="alert(1)"/>')]), 415, 'unsupported_media_type'],
      ['nothing', form(['avatar', Buffer.alloc(0)]), 415, 'unsupported_media_type'],
      ['a byte too large', form(['avatar', sized(MAX_BYTES + 1)]), 413, 'payload_too_large'],
      ['far too large', form(['avatar', sized(4 * MAX_BYTES)]), 413, 'payload_too_large'],
      ['another field', form(['file', PNG]), 400, 'invalid_request'],
      ['two files', form(['avatar', PNG], ['avatar', PNG]), 400, 'invalid_request'],
      ['a field beside it', extra, 400, 'invalid_request'],
      ['no file', form(), 400, 'invalid_request'],
    ]
    for (const [what, body, status, code] of rows) {
      const refused = await refusal(await post(token, body))
      assert.deepEqual([what, refused.status, refused.code], [what, status, code])
    }
    assert.deepEqual(await shown(kept), PNG)
    assert.equal((await post(token, form(['avatar', sized(MAX_BYTES)]))).status, 201)
  })

  test('a body that is no multipart, or a broken one, is refused, and the server goes on', async () => {
    const { token } = await yaopai.login('alice')
    const multipart = 'multipart/form-data; boundary=x'
    const rows: [string, string, number][] = [
      ['application/json', '{"avatar":"x"}', 415],
      ['image/png', 'x', 415],
      ['multipart/form-data', 'x', 400],
      [multipart, 'no boundary in here', 400],
      [multipart, '--x\r\nContent-Disposition: form-data; name="avatar"; filename="a"\r\n\r\ncut off', 400],
      [multipart, '--x\r\nContent-Disposition: form-data; filename="a"\r\n\r\nno name\r\n--x--\r\n', 400],
    ]
    for (const [type, body, status] of rows) {
      const response = await post(token, body, { 'content-type': type })
      assert.deepEqual([type, body, response.status], [type, body, status])
      assert.equal((await refusal(response)).status, status)
    }
    await cutOff(demo.url, token)
    assert.equal((await post(token, form(['avatar', PNG]))).status, 201)
  })

  test('an id that was never given is nothing, whatever it looks like', async () => {
    for (const id of ['x', '..%2F..%2Fetc%2Fpasswd', '__proto__', 'constructor', '%00']) {
      assert.equal((await fetch(`${demo.url}/avatars/${id}`)).status, 404, id)
    }
  })
})

/** A picture of this many bytes. */
function sized(bytes: number): Buffer {
  return Buffer.concat([PNG, Buffer.alloc(bytes - PNG.length)])
}

/** A phone that goes out of reach in the middle of its upload. */
async function cutOff(url: string, token: string): Promise<void> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  const head = `POST /avatar HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nContent-Length: 9999\r\n`
  const part = '--x\r\nContent-Disposition: form-data; name="avatar"; filename="a"\r\n\r\nhalf'
  await new Promise<void>((resolve) => {
    socket.on('close', () => resolve())
    socket.on('error', () => resolve())
    socket.write(`${head}Content-Type: multipart/form-data; boundary=x\r\n\r\n${part}`, () =>
      socket.destroy(),
    )
  })
}
