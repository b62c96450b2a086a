import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { after, before, describe, test } from 'node:test'
import { createYaopai, type Yaopai, type YaopaiOptions } from '@yaopai/miniprogram'
import { createWx, type Wx } from '@yaopai/wechat-emulator'
import { type Demo, startDemo } from '../tools/docs/demo.ts'
import { fencesOf } from '../tools/docs/fences.ts'
import { run } from '../tools/docs/run-samples.ts'
import { root } from '../tools/setup.mjs'

const APPID = 'wxa1b2c3d4e5f60718'

const samplesOf = (path: string) => fencesOf({ path, text: readFileSync(join(root, path), 'utf8') })
const english = samplesOf('README.md')
const chinese = samplesOf('README.zh-CN.md')

function sampleOf(samples: typeof english, language: string, part: RegExp): string {
  const found = samples.filter((sample) => sample.language === language && part.test(sample.code))
  assert.equal(found.length, 1, `one ${language} sample with ${part}`)
  return found[0]?.code ?? ''
}

/** The kinds of a JSON answer, so that ids and times may differ. Fields that the page leaves out may be there. */
function assertKinds(actual: unknown, shown: unknown, path = '$'): void {
  assert.equal(typeof actual, typeof shown, path)
  if (typeof shown === 'string') assert.equal(String(actual).split('_')[0], shown.split('_')[0], path)
  if (typeof shown !== 'object') return
  for (const [name, value] of Object.entries(Object(shown))) {
    assertKinds(Object(actual)[name], value, `${path}.${name}`)
  }
}

function clientOn(wx: Wx, code: string): Yaopai {
  const module = { exports: {} }
  const require = () => ({
    createYaopai: (options: YaopaiOptions) => createYaopai({ platform: wx, ...options }),
  })
  // The sample is a CommonJS module of a mini program: this is how one is loaded.
  new Function('require', 'module', code)(require, module)
  return module.exports as Yaopai
}

describe('[F99] the README, in both languages', () => {
  let demo: Demo
  before(async () => {
    demo = await startDemo()
  })
  after(() => demo.stop())

  const phone = (user: string, storage = new Map()) => {
    const emulatorUrl = demo.withPorts('http://127.0.0.1:8788')
    const wx = createWx({ emulatorUrl, appid: APPID, user, storage })
    return { wx, client: clientOn(wx, demo.withPorts(sampleOf(english, 'js', /module\.exports/))) }
  }

  for (const [name, samples] of Object.entries({ english, chinese })) {
    const noBash = process.platform === 'win32' ? { skip: 'needs bash' } : {}
    test(`${name}: three lines of curl answer what the page shows`, noBash, async () => {
      const script = demo.withPorts(sampleOf(samples, 'sh', /whoami/))
      const { status, output } = await run('bash', ['-euo', 'pipefail', '-s'], 30_000, script)
      assert.equal(status, 0, output)
      assertKinds(JSON.parse(output), JSON.parse(sampleOf(samples, 'json', /greeting/)))
    })
  }

  test('the mini program’s code logs in once for many requests, and the shop knows the user', async () => {
    const { wx, client } = phone('alice')
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => client.request<{ visits: number }>({ url: '/whoami' })),
    )
    assert.ok(answers.every(({ statusCode, data }) => statusCode === 200 && data.visits > 0))
    assert.equal(wx.phone.counts().login, 1)
    assert.match(client.user?.id ?? '', /^usr_/)
  })

  test('the page beside it shows the user and what the shop knows', async () => {
    const { client } = phone('bob')
    let page: { onLoad(): Promise<void>; setData(data: object): void } | undefined
    const shown: object[] = []
    const code = sampleOf(english, 'js', /Page\(/)
    new Function('require', 'Page', code)(
      () => client,
      (options: { onLoad(): Promise<void> }) => {
        page = { ...options, setData: (data) => shown.push(data) }
      },
    )
    await page?.onLoad()
    assert.deepEqual(shown, [{ user: client.user, visits: 1 }])
  })

  test('it stays out after a logout, also after a restart, until login() is called', async () => {
    const storage = new Map()
    const { client } = phone('carol', storage)
    assert.equal((await client.request({ url: '/whoami' })).statusCode, 200)
    assert.equal(await client.logout(), true)
    const restarted = phone('carol', storage)
    const refused = { code: 'logged_out', class: 'signed_out' }
    await assert.rejects(restarted.client.request({ url: '/whoami' }), refused)
    assert.equal(restarted.wx.phone.counts().login, 0)
    await restarted.client.login()
    assert.equal((await restarted.client.request({ url: '/whoami' })).statusCode, 200)
  })
})

test('the Chinese README has the samples of the English one', () => {
  const bare = (code: string) => code.replace(/\/\/ .*$/gm, '').replace(/test\('[^']*'/, '')
  assert.deepEqual(
    chinese.map(({ language, flags, code }) => [language, flags, bare(code)]),
    english.map(({ language, flags, code }) => [language, flags, bare(code)]),
  )
})

/** Text in backquotes: names of settings, log lines, metrics, commands. They are the same in every language. */
const codesOf = (path: string) => {
  const prose = readFileSync(join(root, path), 'utf8').replace(/^```[\s\S]*?^```/gm, '')
  const codes = [...prose.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code.replace(/\s+/g, ' '))
  return [...new Set(codes)].sort()
}

for (const page of ['operating.md', 'databases.md', 'many-nodes.md']) {
  test(`the Chinese ${page} has the samples of the English one, and every name that it has`, () => {
    const [one, other] = [`docs/guide/${page}`, `docs/guide/zh-CN/${page}`]
    const bare = (path: string) => samplesOf(path).map(({ language, flags, code }) => [language, flags, code])
    assert.deepEqual(bare(other), bare(one))
    assert.deepEqual(codesOf(other), codesOf(one))
  })
}
