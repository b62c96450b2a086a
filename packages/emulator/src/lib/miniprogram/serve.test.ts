import assert from 'node:assert/strict'
import { once } from 'node:events'
import { symlink, writeFile } from 'node:fs/promises'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Emulator } from '../../index.ts'
import { startForTest } from '../../test-support/kit.ts'
import { diskFolder, ONE_PAGE, writeFiles } from '../../test-support/mini-program.ts'
import type { Build } from './compile.ts'
import type { MiniProgram } from './open.ts'
import { serveMiniProgram } from './serve.ts'

const FILES = {
  ...ONE_PAGE,
  'pages/index/index.wxss': '.a{background:url(/img/a.png)}',
  'img/a.png': 'png',
  'img/page.html': '<script>alert(1)</script>',
  '.env': 'SECRET',
  'project.private.config.json': '{}',
  'upload.key': 'KEY',
}

/** One request, its path as it is written. */
function ask(emulator: Emulator, path: string, headers: Record<string, string> = {}, method = 'GET') {
  const { port } = new URL(emulator.url)
  return new Promise<{ status: number | undefined; type: string | undefined; body: string }>(
    (resolve, reject) => {
      const outgoing = request(
        { host: '127.0.0.1', port, path: `/_emulator/phone/${path}`, headers, method },
        (res) => {
          let body = ''
          res.setEncoding('utf8').on('data', (chunk: string) => {
            body += chunk
          })
          res.on('end', () => resolve({ status: res.statusCode, type: res.headers['content-type'], body }))
        },
      )
      outgoing.on('error', reject).end()
    },
  )
}

test('a phone gets the program and all that it names', async (t) => {
  const emulator = await startForTest(t, { miniprogram: await diskFolder(t, FILES) })
  const program = await ask(emulator, 'program')
  assert.deepEqual([program.status, JSON.parse(program.body).pages], [200, ['pages/index/index']])
  const script = await ask(emulator, '1/scripts/pages/index/index.js')
  assert.match(script.body, /^__yaopai\.define\("pages\/index\/index\.js"/)
  assert.equal(script.type, 'text/javascript; charset=utf-8')
  assert.match((await ask(emulator, '1/templates.js')).body, /^__yaopai\.templates\(/)
  const style = await ask(emulator, '1/styles/pages/index/index.css')
  assert.equal(style.type, 'text/css; charset=utf-8')
  const url = /url\(\/_emulator\/phone\/(1\/files\/img\/a\.png)\)/.exec(style.body)?.[1]
  assert.deepEqual(await ask(emulator, url ?? ''), { status: 200, type: 'image/png', body: 'png' })
  assert.equal((await ask(emulator, '1/files/img/page.html')).type, 'application/octet-stream')
})

const CLOSED = [
  '.env',
  'img/../.env',
  '../outside.txt',
  '%2e%2e/outside.txt',
  '..%2foutside.txt',
  'img/..%5c..%5coutside.txt',
  '/etc/passwd',
  '%2fetc%2fpasswd',
  'link.txt',
  'project.private.config.json',
  'upload.key',
  'img',
  'img/a.png%00.js',
  '%zz',
]

test('no path leads out of the mini program, or to what is hidden in it', async (t) => {
  const dir = await diskFolder(t, { 'outside.txt': 'OUT' })
  const inside = join(dir, 'mini')
  await writeFiles(inside, FILES)
  if (process.platform !== 'win32') await symlink(join(dir, 'outside.txt'), join(inside, 'link.txt'))
  const emulator = await startForTest(t, { miniprogram: inside })
  await ask(emulator, 'program')
  for (const path of CLOSED) {
    const { status, body } = await ask(emulator, `1/files/${path}`)
    assert.deepEqual([status, /OUT|SECRET|KEY|root:/.test(body)], [404, false], path)
  }
})

test('what is not there is 404: another build, another file, another kind', async (t) => {
  const emulator = await startForTest(t, { miniprogram: await diskFolder(t, FILES) })
  await ask(emulator, 'program')
  for (const path of [
    '2/scripts/app.js',
    '1/scripts/none.js',
    '1/styles/none.css',
    '1/x/app.js',
    '1/scripts/__proto__',
  ]) {
    assert.equal((await ask(emulator, path)).status, 404, path)
  }
})

test('only this machine’s own pages get at it', async (t) => {
  const emulator = await startForTest(t, { miniprogram: await diskFolder(t, FILES) })
  const strangers = [{ host: 'evil.example' }, { host: 'localhost', origin: 'https://evil.example' }]
  for (const path of ['program', 'events', '1/scripts/app.js', '1/files/img/a.png']) {
    for (const headers of strangers) assert.equal((await ask(emulator, path, headers)).status, 403, path)
  }
  assert.equal((await ask(emulator, 'program', {}, 'POST')).status, 404)
})

test('without a mini program the program is 404, with the cure', async (t) => {
  const { status, body } = await ask(await startForTest(t), 'program')
  assert.deepEqual([status, JSON.parse(body).error], [404, 'no_mini_program'])
  assert.match(JSON.parse(body).cure, /--miniprogram DIR/)
})

test('a file of the mini program that is opened as a page runs no script', async (t) => {
  const files = { ...FILES, 'img/a.svg': '<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>' }
  const emulator = await startForTest(t, { miniprogram: await diskFolder(t, files) })
  await ask(emulator, 'program')
  const answer = await fetch(`${emulator.url}/_emulator/phone/1/files/img/a.svg`)
  assert.equal(answer.headers.get('content-security-policy'), 'sandbox')
})

test('who hangs up before the first build is not listened for, and who asks for the head alone gets it', async () => {
  let built = (_build: Build) => {}
  const build = new Promise<Build>((resolve) => {
    built = resolve
  })
  let listeners = 0
  const program: MiniProgram = {
    current: () => build,
    build: () => undefined,
    file: async () => null,
    onBuild() {
      listeners += 1
      return () => {
        listeners -= 1
      }
    },
    close() {},
  }
  const ends: Promise<boolean>[] = []
  const server = createServer((req, res) => {
    ends.push(serveMiniProgram(Promise.resolve(program), req, res, '/_emulator/phone/events', new Date()))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const hangUp = new AbortController()
  const asked = once(server, 'request')
  const gone = fetch(`http://127.0.0.1:${port}/`, { signal: hangUp.signal })
  const [, res] = await asked
  const closed = once(res, 'close')
  hangUp.abort()
  await assert.rejects(gone)
  await closed
  built({ program: { build: 1 } } as Build) // all that the stream reads of it
  await Promise.all(ends)
  const head = await fetch(`http://127.0.0.1:${port}/`, { method: 'HEAD' })
  assert.deepEqual([head.status, listeners], [200, 0])
  server.closeAllConnections()
  server.close()
})

test('the stream tells the build that is there, then each new one, and ends with the emulator', async (t) => {
  const dir = await diskFolder(t, FILES)
  const emulator = await startForTest(t, { miniprogram: dir })
  const response = await fetch(`${emulator.url}/_emulator/phone/events`)
  assert.equal(response.headers.get('content-type'), 'text/event-stream; charset=utf-8')
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  assert.equal((await reader?.read())?.value, 'event: build\ndata: {"build":1}\n\n')
  await writeFile(join(dir, 'app.js'), 'App({ a: 1 })')
  assert.equal((await reader?.read())?.value, 'event: build\ndata: {"build":2}\n\n')
  await emulator.close()
  await assert.rejects(async () => {
    while (!(await reader?.read())?.done);
  })
})
