import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { createContext, Script } from 'node:vm'
import { transformSync } from 'esbuild'
import { fencesOf } from '../../tools/docs/fences.ts'
import { root } from '../../tools/setup.mjs'

// The frameworks are played by the few words that the pages use of them; what is tried is the pages' own code.

const ENGLISH = 'docs/guide/adapters.md'
const CHINESE = 'docs/guide/zh-CN/adapters.md'

function pageIn(language: string, path: string): string {
  const found = fencesOf({ path, text: readFileSync(join(root, path), 'utf8') }).filter(
    (sample) => sample.language === language,
  )
  assert.equal(found.length, 1, `one ${language} sample in ${path}`)
  return found[0]?.code ?? ''
}

interface Client {
  signedOut: string | null
  request(): Promise<{ data: { path: string } }>
  login(): Promise<void>
}

/** Out, until login() is called. */
function clientThatIsOut(): Client {
  const client: Client = {
    signedOut: 'logged_out',
    request: async () => {
      if (client.signedOut) throw Object.assign(new Error('out'), { code: client.signedOut })
      return { data: { path: '/orders/1' } }
    },
    login: async () => {
      client.signedOut = null
    },
  }
  return client
}

/** Runs an ES module's text with these modules. */
function runModule(code: string, modules: Record<string, unknown>): Record<string, unknown> {
  const options = { format: 'cjs', loader: 'jsx', jsxFactory: 'element' } as const
  const exported = { exports: {} }
  const element = (type: unknown, props: unknown, ...children: unknown[]) => ({ type, props, children })
  const context = createContext({ module: exported, require: (name: string) => modules[name], element })
  new Script(transformSync(code, options).code).runInContext(context)
  return exported.exports
}

test('[F66] the Taro page logs in by its button where the user is out, and then shows the order', async () => {
  const states: unknown[] = []
  let at = 0
  const shows: (() => Promise<void>)[] = []
  const modules = {
    '@tarojs/components': { Button: 'button', Text: 'text', View: 'view' },
    '@tarojs/taro': { useDidShow: (show: () => Promise<void>) => shows.push(show) },
    react: {
      useState: (first: unknown) => {
        const place = at++
        if (!(place in states)) states[place] = first
        return [states[place], (value: unknown) => (states[place] = value)]
      },
    },
    '../../yaopai': { yaopai: clientThatIsOut() },
  }
  const { default: Index } = runModule(pageIn('jsx', ENGLISH), modules)
  const render = () => {
    at = 0
    return (Index as () => { type: string; props: { onClick(): Promise<void> }; children: unknown[] })()
  }
  const { type, props } = render()
  assert.equal(type, 'button')
  await shows[0]?.()
  assert.equal(render().type, 'button')
  await props.onClick()
  assert.match(JSON.stringify(render()), /view.*\/orders\/1/)
})

test('[F66] the uni-app page does the same', async () => {
  const shows: (() => Promise<void>)[] = []
  const script = /<script setup>\n([\s\S]*)<\/script>/.exec(pageIn('vue', ENGLISH))?.[1] ?? ''
  const modules = {
    '@dcloudio/uni-app': { onShow: (show: () => Promise<void>) => shows.push(show) },
    vue: { ref: (value: unknown) => ({ value }) },
    '../../yaopai': { yaopai: clientThatIsOut() },
  }
  const page = runModule(`${script}\nexport { order, why, login }`, modules)
  const { order, why, login } = page as {
    order: { value: unknown }
    why: { value: unknown }
    login(): Promise<void>
  }
  await shows[0]?.()
  assert.deepEqual([order.value, why.value], [null, 'logged_out'])
  await login()
  assert.deepEqual([JSON.stringify(order.value), why.value], ['{"path":"/orders/1"}', null])
})

test('the Chinese page has the same pages', () => {
  for (const language of ['jsx', 'vue']) assert.equal(pageIn(language, CHINESE), pageIn(language, ENGLISH))
})
