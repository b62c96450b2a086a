import { chooseAvatar } from '../wx/avatar.ts'
import { tellMissing } from '../wx/missing.ts'
import type { WxParts } from '../wx/parts.ts'
import { getPhoneNumber } from '../wx/phone-number.ts'
import { share } from '../wx/share.ts'
import { applyPageMeta } from './page-meta.ts'
import { call, type Helpers } from './services.ts'

/** What the built-in components ask the rest of the phone for. */
export function createHelpers(parts: () => WxParts, wx: () => Readonly<Record<string, unknown>>): Helpers {
  return {
    getPhoneNumber: () => getPhoneNumber(parts()),
    chooseAvatar: () => chooseAvatar(parts()),
    share: (button) => void share(parts(), button),
    async openType(openType) {
      if (openType === 'openSetting') return call(wx(), 'openSetting', {})
      tellMissing(parts(), `button open-type="${openType}"`, parts().stack.top?.route.path ?? '')
      return { errMsg: `${openType}:fail not supported by this phone` }
    },
    missing: (what, place) => tellMissing(parts(), what, place),
    pageMeta: (file, tag, properties) => applyPageMeta(parts().stack, file, tag, properties),
    wx,
    exit: () => parts().exit(),
  }
}
