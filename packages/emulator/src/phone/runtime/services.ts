import type { Answer, Navigation, PhoneServices } from '../components/index.ts'
import type { WxParts } from '../wx/parts.ts'
import { resourceUrl } from '../wx/resources.ts'

/** What the built-in components ask for and others do. */
export interface Helpers {
  getPhoneNumber(): Promise<Answer>
  chooseAvatar(): Promise<Answer>
  share(button: { id: string; dataset: Readonly<Record<string, unknown>> }): void
  openType(openType: string, attributes: Readonly<Record<string, unknown>>): Promise<Answer>
  missing(what: string, place: string): void
  pageMeta(file: string, tag: string, properties: Readonly<Record<string, unknown>>): void
  /** The `wx` of the mini program. */
  wx(): Readonly<Record<string, unknown>>
  exit(): void
}

const APIS = {
  navigate: 'navigateTo',
  redirect: 'redirectTo',
  switchTab: 'switchTab',
  reLaunch: 'reLaunch',
  navigateBack: 'navigateBack',
} as const

/** Calls an API of `wx` and hands on its failure as an answer. */
export async function call(
  wx: Readonly<Record<string, unknown>>,
  api: string,
  options: object,
): Promise<Answer> {
  const run = wx[api]
  if (typeof run !== 'function') return { errMsg: `${api}:fail` }
  try {
    return (await run(options)) as Answer // every API of wx answers with an errMsg
  } catch (failure) {
    return failure as Answer // and so it fails
  }
}

/** From the template's own file: its folder is where a relative address begins. */
function rooted({ url, from }: Navigation): string {
  if (url.startsWith('/')) return url
  const base = new URL(`http://x/${from}`)
  const { pathname, search } = new URL(url, base)
  return pathname + search
}

export function createServices(
  parts: Pick<WxParts, 'handset' | 'screen' | 'program'>,
  helpers: Helpers,
): PhoneServices {
  const { handset, screen } = parts
  return {
    language: handset.query.language,
    overlay: screen.overlay,
    urlOf: (src, from) => resourceUrl(parts, src, from),
    async navigate(to) {
      if (to.openType === 'exit') {
        helpers.exit()
        return { errMsg: 'exitMiniProgram:ok' }
      }
      const api = APIS[to.openType]
      return call(helpers.wx(), api, api === 'navigateBack' ? { delta: to.delta } : { url: rooted(to) })
    },
    getPhoneNumber: helpers.getPhoneNumber,
    chooseAvatar: helpers.chooseAvatar,
    getUserInfo: () => call(helpers.wx(), 'getUserProfile', { desc: 'getUserInfo' }),
    share: helpers.share,
    openType: helpers.openType,
    nickname: () => handset.nickname,
    pageMeta: helpers.pageMeta,
    missing: ({ what, file, line }) => helpers.missing(what, line === undefined ? file : `${file}:${line}`),
  }
}
