import { twoStyles, type WxResult } from '../../lib/wx/callbacks.ts'
import { needsString, okay, type WxParts } from './parts.ts'

const TOAST_MS = 1500

/** `wx.setClipboardData`, which shows its own toast, and `wx.getClipboardData`. The phone's own clipboard is the truth. */
export function clipboardApi({ host, handset, screen }: WxParts) {
  return {
    setClipboardData: twoStyles<WxResult, { data: string }>(host, async ({ data }) => {
      if (typeof data !== 'string') return needsString('setClipboardData', 'data', data)
      handset.clipboard = data
      // The computer's clipboard too, where the browser allows it.
      navigator.clipboard?.writeText(data).catch(() => {})
      screen.toasts.show('toast', { title: handset.words.copied, icon: 'none', duration: TOAST_MS })
      return okay('setClipboardData', {})
    }),
    getClipboardData: twoStyles<WxResult & { data: string }, object>(host, async () =>
      okay('getClipboardData', { data: handset.clipboard }),
    ),
  }
}
