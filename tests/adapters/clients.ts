import type { Sample } from '../../tools/docs/fences.ts'
import { runFiles } from './samples.ts'
import type { Shop } from './shop.ts'
import { createTaro } from './taro-stand-in.ts'
import { createUni } from './uni-stand-in.ts'

export type Method = 'GET' | 'POST'
/** What a page gets to see, whatever library told it: an answer, or why there is none. */
export type Outcome = { readonly status?: number; readonly data?: unknown; readonly class?: string }
/** @param url whole */
export type Send = (method: Method, url: string) => Promise<Outcome>
export type Client = { readonly send: Send; readonly token: () => string | null }
type Start = (files: Map<string, Sample>, shop: Shop) => Promise<Client>

/** How each adapter of the page is used, told alike. */
export const clients: Record<string, Start> = {
  Taro: async (files, shop) => {
    const Taro = createTaro(shop.wx)
    const { token } = await run(files, "import './taro.js'", { Taro }, shop)
    return { token, send: outcomeOf((method, url) => Taro.request({ method, url })) }
  },
  'uni-app, by promise': async (files, shop) => {
    const uni = createUni(shop.wx)
    const { token } = await run(files, "import './uni-app.js'", { uni }, shop)
    return { token, send: outcomeOf(async (method, url) => uni.request({ method, url })) }
  },
  'uni-app, by callbacks': async (files, shop) => {
    const uni = createUni(shop.wx)
    const { token } = await run(files, "import './uni-app.js'", { uni }, shop)
    const call = (method: Method, url: string) =>
      new Promise((success, fail) => uni.request({ method, url, success, fail }))
    return { token, send: outcomeOf(call) }
  },
  'luch-request': async (files, shop) => {
    const uni = createUni(shop.wx)
    const { token, exported } = await run(
      files,
      "export { http as made } from './luch-request.js'",
      { uni },
      shop,
    )
    return { token, send: outcomeOf((method, url) => exported.request({ method, url: inShop(url, shop) })) }
  },
  "luch-request through uni-app's interceptor": async (files, shop) => {
    const uni = createUni(shop.wx)
    const entry =
      "import './uni-app.js'; import Request from 'luch-request'; export const made = new Request()"
    const { token, exported } = await run(files, entry, { uni }, shop)
    return { token, send: outcomeOf((method, url) => exported.request({ method, url })) }
  },
  alova: async (files, shop) => {
    const { token, exported } = await run(files, "export { alova as made } from './alova.js'", {}, shop)
    const send = outcomeOf(async (method, url) => {
      const path = inShop(url, shop)
      const data = await (method === 'GET' ? exported.Get(path) : exported.Post(path))
      return { statusCode: 200, data }
    })
    return { token, send }
  },
  'a wrapper of your own': async (files, shop) => {
    const { token, exported } = await run(files, "export * as made from './own-wrapper.js'", {}, shop)
    return { token, send: outcomeOf((_method, url) => exported.get(url)) }
  },
}

/** Libraries of which a test cannot send a POST. */
export const readOnly = new Set(['a wrapper of your own'])

// The libraries of the page come out of a realm of their own, with no types.
type Made = Record<'request' | 'get' | 'Get' | 'Post', (...args: unknown[]) => Promise<unknown>>

async function run(
  files: Map<string, Sample>,
  entry: string,
  globals: Record<string, unknown>,
  shop: Shop,
): Promise<{ token: () => string | null; exported: Made }> {
  const contents = `${entry}\nexport { yaopai } from './yaopai.js'`
  const { made, yaopai } = await runFiles(
    files,
    contents,
    { wx: shop.wx, Date: shop.Date, ...globals },
    shop.url,
  )
  return { token: () => Object(yaopai).token(), exported: Object(made) }
}

function outcomeOf(call: (method: Method, url: string) => Promise<unknown>): Send {
  return (method, url) => call(method, url).then(told, told)
}

function told(result: unknown): Outcome {
  const { statusCode, data, class: errorClass } = Object(result)
  return errorClass === undefined ? { status: statusCode, data } : { class: errorClass }
}

function inShop(url: string, shop: Shop): string {
  return url.startsWith(`${shop.url}/`) ? url.slice(shop.url.length) : url
}
