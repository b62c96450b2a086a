import assert from 'node:assert/strict'
import test, { describe } from 'node:test'
import { needs } from '../../tools/needs.ts'
import { axeFindings } from './testing/axe.ts'
import { appJson, openPhone, type ProgramFiles, type TestPhone } from './testing/phone.ts'

const twoPages = (files: ProgramFiles): ProgramFiles => ({
  'app.json': appJson(['pages/one/one', 'pages/two/two']),
  'pages/one/one.js': 'Page({})',
  'pages/one/one.wxml': '<view>still here</view>',
  'pages/two/two.js': 'Page({})',
  'pages/two/two.wxml': '<view>two</view>',
  ...files,
})

interface Told {
  file: string
  line?: number
  message: string
}

/** What the phone tells beyond the first `known`, once it does; the overlay says the same. */
async function told({ page }: TestPhone, known = 0): Promise<Told[]> {
  await page.waitForFunction((count) => (window.yaopaiPhone?.problems().length ?? 0) > count, known)
  const overlay = page.getByRole('region', { name: 'The mini program failed' })
  await overlay.waitFor()
  const problems = ((await page.evaluate('window.yaopaiPhone.problems()')) as Told[]).slice(known)
  const text = (await overlay.textContent()) ?? ''
  for (const { file, line, message } of problems) {
    assert.ok(text.includes(message), `${message} in ${text}`)
    if (file !== '')
      assert.ok(text.includes(line === undefined ? file : `${file}:${line}`), `${file}:${line} in ${text}`)
  }
  return problems
}

/** The phone can still be used. */
async function lives({ page }: TestPhone): Promise<void> {
  await page.getByRole('button', { name: 'Got it' }).click()
  await page.evaluate("wx.reLaunch({ url: '/pages/two/two' })")
  await page.getByText('two').waitFor()
}

describe(
  '[F81] what is wrong in a mini program is told with file and line, and the phone lives on',
  needs('chromium'),
  () => {
    test('a script that throws when it is loaded', async () => {
      await using phone = await openPhone(twoPages({ 'pages/one/one.js': '\n\nnothing.here()\nPage({})' }))
      const [problem] = await told(phone)
      assert.deepEqual(
        [problem?.file, problem?.line, problem?.message],
        ['pages/one/one.js', 3, 'ReferenceError: nothing is not defined'],
      )
      await phone.page.getByText('still here').waitFor()
      assert.deepEqual(await axeFindings(phone.page), [])
      await lives(phone)
    })

    test('app.js that throws, and a module that is not there', async () => {
      await using phone = await openPhone(twoPages({ 'app.js': "seen = []\nrequire('./lib/none')\nApp({})" }))
      const problems = await told(phone)
      const last = problems.at(-1)
      assert.equal(last?.file, 'app.js')
      assert.match(last?.message ?? '', /module '.*lib\/none' is not defined|lib\/none/)
      await phone.page.getByText('still here').waitFor()
      await lives(phone)
    })

    test('a hook, a handler, a callback, a timer, a promise that nobody looks after', async () => {
      const js = `Page({
  onLoad() { throw new Error('in onLoad') },
  tap() { throw new Error('in a handler') },
  later() { setTimeout(() => { throw new Error('in a timer') }, 0) },
  promise() { Promise.reject(new Error('nobody cares')) },
  callback() { wx.getStorage({ key: 'x', fail: () => { throw new Error('in a callback') } }) },
})`
      const wxml = ['tap', 'later', 'promise', 'callback']
        .map((name) => `<button bindtap="${name}">${name}</button>`)
        .join('')
      const app =
        "seen = []; App({ onError(text) { seen.push(text.split('\\n')[0]) }, onUnhandledRejection({ reason }) { seen.push('rejected ' + reason.message) } })"
      await using phone = await openPhone(
        twoPages({ 'app.js': app, 'pages/one/one.js': js, 'pages/one/one.wxml': wxml }),
      )
      const { page } = phone
      assert.equal((await told(phone)).at(-1)?.line, 2)
      await page.getByRole('button', { name: 'Got it' }).click()
      for (const [name, line] of [
        ['tap', 3],
        ['later', 4],
        ['promise', 5],
        ['callback', 6],
      ] as const) {
        const before = ((await page.evaluate('window.yaopaiPhone.problems()')) as Told[]).length
        await page.getByRole('button', { name, exact: true }).click()
        const problem = (await told(phone, before)).at(-1)
        assert.deepEqual([problem?.file, problem?.line], ['pages/one/one.js', line], problem?.message)
        await page.getByRole('button', { name: 'Got it' }).click()
      }
      const seen = await phone.seen(5)
      assert.ok(
        seen.includes('in onLoad') && seen.includes('in a timer') && seen.includes('rejected nobody cares'),
        seen.join(),
      )
      await page.evaluate("wx.reLaunch({ url: '/pages/two/two' })")
      await page.getByText('two').waitFor()
    })

    test('a script that no engine takes, one without Page(), and a page that is not there', async () => {
      await using phone = await openPhone(
        twoPages({ 'pages/one/one.js': 'Page({\n  data: {{\n})', 'pages/two/two.js': 'const forgotten = 1' }),
      )
      const first = await told(phone)
      assert.ok(
        first.some(({ file, line }) => file === 'pages/one/one.js' && line === 2),
        JSON.stringify(first),
      )
      assert.equal(first.length, 1, 'told once, and not again for the page that wanted it')
      await phone.page.getByRole('button', { name: 'Got it' }).click()
      await phone.page.evaluate("wx.navigateTo({ url: '/pages/two/two' })")
      const second = await told(phone, first.length)
      assert.match(second.at(-1)?.message ?? '', /Page "pages\/two\/two" has not been registered yet/)
      await phone.page.getByText('two', { exact: true }).waitFor()
    })

    test('what is only worth a warning: on a chip that covers no tab, and in the console', async () => {
      const list = ['one', 'two'].map((name) => ({ pagePath: `pages/${name}/${name}`, text: `Tab ${name}` }))
      await using phone = await openPhone({
        ...twoPages({ 'pages/one/one.wxml': '<view>still here</view>\n<prices />' }),
        'app.json': { ...Object(appJson(['pages/one/one', 'pages/two/two'])), tabBar: { list } },
      })
      const { page } = phone
      const said = page.waitForEvent('console', (line) => line.type() === 'warning')
      await page.reload()
      assert.match((await said).text(), /^pages\/one\/one\.wxml:2: <prices> is no component/)
      await page.getByRole('button', { name: 'Tab two' }).click()
      await page.getByRole('button', { name: 'Tab one' }).click()
      await page.getByRole('button', { name: '1 warning' }).click()
      await page.getByRole('dialog').getByText('pages/one/one.wxml:2').waitFor()
      assert.deepEqual(await axeFindings(page), [])
    })

    test('a broken template, an unknown component, a folder without a page', async () => {
      await using phone = await openPhone(
        twoPages({
          'pages/one/one.wxml': '<view>\n  <view wx:if="{{ a + }}">x</view>\n</view><view>still here</view>',
          'pages/one/one.json': { usingComponents: { gone: '/parts/gone' } },
        }),
      )
      const problems = await told(phone)
      assert.ok(
        problems.some(({ file, line }) => file === 'pages/one/one.wxml' && line === 2),
        JSON.stringify(problems),
      )
      assert.ok(
        problems.some(({ file, message }) => file === 'pages/one/one.json' && /gone/.test(message)),
        JSON.stringify(problems),
      )
      await lives(phone)

      await using empty = await openPhone({ 'readme.txt': 'nothing', 'app.js': '' })
      await empty.page.getByText('There is no mini program to run').waitFor()
      await empty.edit({
        'app.json': appJson(['pages/one/one']),
        'pages/one/one.wxml': '<view>here now</view>',
        'pages/one/one.js': 'Page({})',
      })
      await empty.page.getByText('here now').waitFor()
    })
  },
)

describe('[F81] an edit shows up without a restart', needs('chromium'), () => {
  test('scripts, templates and styles are new; storage and page are what they were', async () => {
    const files = twoPages({
      'pages/two/two.js':
        "Page({ data: { q: '' }, onLoad(q) { this.setData({ q: q.q, kept: wx.getStorageSync('kept') }) } })",
      'pages/two/two.wxml': '<view class="x">two {{q}} {{kept}}</view>',
    })
    await using phone = await openPhone(files)
    const { page } = phone
    await page.getByText('still here').waitFor()
    await page.evaluate("wx.setStorageSync('kept', 'tea'); wx.navigateTo({ url: '/pages/two/two?q=7' })")
    await page.getByText('two 7 tea').waitFor()
    await phone.edit({
      'pages/two/two.wxml': '<view class="x">edited {{q}} {{kept}}</view>',
      'pages/two/two.wxss': '.x { color: rgb(1, 2, 3) }',
    })
    await page.getByText('edited 7 tea').waitFor()
    const colour = await page.getByText('edited 7 tea').evaluate((element) => getComputedStyle(element).color)
    assert.equal(colour, 'rgb(1, 2, 3)')
    await phone.edit({ 'pages/two/two.wxss': '.x { color: ' })
    await page.getByRole('region', { name: 'The mini program failed' }).waitFor()
    await phone.edit({ 'pages/two/two.wxss': '.x { color: rgb(4, 5, 6) }' })
    await page.getByRole('region', { name: 'The mini program failed' }).waitFor({ state: 'hidden' })
    await page.getByText('edited 7 tea').waitFor()
    assert.deepEqual(phone.failures, [])
  })

  test('what throws again and again fills no screen and no memory', async () => {
    const files = twoPages({
      'pages/one/one.js': `Page({ onLoad() {
        for (let turn = 0; turn < 300; turn += 1) setTimeout(() => { throw new Error('again ' + turn) })
        setTimeout(() => seen.push('done'))
      } })`,
    })
    await using phone = await openPhone(files)
    await phone.seen(1)
    assert.equal(await phone.page.evaluate('window.yaopaiPhone.problems().length'), 100)
  })
})
