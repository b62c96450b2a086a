import { failWith, twoStyles, type WxResult } from '../../lib/wx/callbacks.ts'
import type { PageLook } from '../runtime/page-look.ts'
import { doing, needsString, okay, type WxParts } from './parts.ts'

const HEX = /^#[\da-f]{6}$/i

type Colours = { frontColor: string; backgroundColor: string }

/** `wx.setNavigationBarTitle` and its kin: for the page on top. */
export function navigationBarApi(parts: WxParts) {
  const { host, stack } = parts
  const say = (patch: Partial<PageLook>) => {
    if (stack.top) stack.setLook(stack.top, patch)
  }
  return {
    setNavigationBarTitle: twoStyles<WxResult, { title: string }>(host, async ({ title }) => {
      if (typeof title !== 'string') return needsString('setNavigationBarTitle', 'title', title)
      say({ title })
      return okay('setNavigationBarTitle', {})
    }),
    setNavigationBarColor: twoStyles<WxResult, Colours>(host, async ({ frontColor, backgroundColor }) => {
      const api = 'setNavigationBarColor'
      if (!/^#(000000|ffffff)$/i.test(frontColor)) return failWith(api, 'invalid frontColor')
      if (!HEX.test(backgroundColor)) return failWith(api, 'invalid backgroundColor')
      say({ navText: frontColor === '#000000' ? 'black' : 'white', navBackground: backgroundColor })
      return okay(api, {})
    }),
    showNavigationBarLoading: doing(host, 'showNavigationBarLoading', () => say({ isLoading: true })),
    hideNavigationBarLoading: doing(host, 'hideNavigationBarLoading', () => say({ isLoading: false })),
    hideHomeButton: doing(host, 'hideHomeButton', () => say({ hidesHome: true })),
    setBackgroundColor: doing<{ backgroundColor?: string }>(
      host,
      'setBackgroundColor',
      ({ backgroundColor }) => {
        if (backgroundColor) say({ background: backgroundColor })
      },
    ),
    setBackgroundTextStyle: doing<{ textStyle: string }>(host, 'setBackgroundTextStyle', ({ textStyle }) =>
      say({ pullText: textStyle === 'light' ? 'light' : 'dark' }),
    ),
  }
}
