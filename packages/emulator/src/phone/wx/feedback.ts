import { failWith, type Outcome, twoStyles, type WxResult } from '../../lib/wx/callbacks.ts'
import { showActionSheet } from '../chrome/action-sheet.ts'
import { type ModalOptions, type ModalResult, showModal } from '../chrome/modal.ts'
import type { ToastOptions } from '../chrome/toast.ts'
import { doing, okay, type WxParts } from './parts.ts'
import { resourceUrl } from './resources.ts'

/** Milliseconds that a toast stays where nobody says how long. */
const TOAST_MS = 1500
/** Choices that an action sheet holds. */
const MOST_ITEMS = 6

type Toast = Partial<ToastOptions>

async function choose(
  parts: WxParts,
  { itemList, itemColor, alertText }: { itemList: string[]; itemColor?: string; alertText?: string },
): Promise<Outcome<WxResult & { tapIndex: number }>> {
  const api = 'showActionSheet'
  if (!Array.isArray(itemList) || itemList.length === 0) {
    return failWith(api, 'parameter error: parameter.itemList should have at least 1 item;')
  }
  if (itemList.length > MOST_ITEMS) {
    return failWith(api, `parameter error: itemList should not be larger than ${MOST_ITEMS}`)
  }
  const choice = { items: itemList.map(String), color: itemColor, alertText }
  const tapIndex = await showActionSheet(parts.handset.words, choice)
  return tapIndex === undefined ? failWith(api, 'cancel') : okay(api, { tapIndex })
}

/** `wx.showToast`, `wx.showLoading`, `wx.showModal`, `wx.showActionSheet`. */
export function feedbackApi(parts: WxParts) {
  const { host, screen, handset } = parts
  const toast = ({ image, duration, icon, ...rest }: Toast) => {
    const picture = image ? { image: resourceUrl(parts, image, parts.stack.top?.route.path ?? '') } : {}
    screen.toasts.show('toast', {
      ...rest,
      ...picture,
      icon: icon ?? 'success',
      duration: duration ?? TOAST_MS,
    })
  }
  return {
    showToast: doing<Toast>(host, 'showToast', toast),
    hideToast: doing(host, 'hideToast', () => screen.toasts.hide()),
    showLoading: doing<Toast>(host, 'showLoading', (options) =>
      screen.toasts.show('loading', { ...options, icon: 'loading', duration: 0 }),
    ),
    hideLoading: doing(host, 'hideLoading', () => screen.toasts.hide()),
    showModal: twoStyles<WxResult & ModalResult, ModalOptions>(host, async (options) =>
      okay('showModal', await showModal(handset.words, options)),
    ),
    showActionSheet: twoStyles(
      host,
      (options: { itemList: string[]; itemColor?: string; alertText?: string }) => choose(parts, options),
    ),
  }
}
