import { startRefresh, stopRefresh } from '../runtime/pull-refresh.ts'
import { doing, type WxParts } from './parts.ts'

/** `wx.startPullDownRefresh`, `wx.stopPullDownRefresh`. */
export function pullDownApi({ host, stack, report }: WxParts) {
  return {
    startPullDownRefresh: doing(host, 'startPullDownRefresh', () => {
      if (stack.top) startRefresh(stack.top, report)
    }),
    stopPullDownRefresh: doing(host, 'stopPullDownRefresh', () => {
      if (stack.top) stopRefresh(stack.top)
    }),
  }
}
