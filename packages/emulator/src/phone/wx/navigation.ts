import {
  failWith,
  type Host,
  type Outcome,
  succeed,
  twoStyles,
  type WxResult,
} from '../../lib/wx/callbacks.ts'
import type { EventChannel } from '../runtime/event-channel.ts'
import type { PageStack } from '../runtime/page-stack.ts'
import { parseRoute, type Route } from '../runtime/route.ts'

/** Pages that may lie on each other. */
export const STACK_LIMIT = 10

export interface NavigationParts {
  host: Host
  stack: PageStack
  /** A page that is not there was asked for: WeChat tells the app. */
  onPageNotFound(route: Route): void
}

type Api = 'navigateTo' | 'redirectTo' | 'switchTab' | 'reLaunch'
type UrlOptions = { url: string; events?: Record<string, (...args: unknown[]) => void> }
export type NavigateResult = WxResult & { eventChannel?: EventChannel }

/** As in WeChat, a page that goes on from its own onLoad has its onShow first. */
const AFTER_THIS = Promise.resolve()

/** Why WeChat would not go there, or undefined. */
function refusal(api: Api, stack: PageStack, { path }: Route): string | undefined {
  if (!stack.has(path)) return `page "${path}" is not found`
  const isTab = stack.isTab(path)
  if (api === 'switchTab' && !isTab) return 'can not switch to no-tabBar page'
  if ((api === 'navigateTo' || api === 'redirectTo') && isTab) return `can not ${api} a tabbar page`
  if (api === 'navigateTo' && stack.entries.length >= STACK_LIMIT) return 'webview count limit exceed'
  return undefined
}

function go(
  parts: NavigationParts,
  api: Api,
  { url, events = {} }: UrlOptions,
  from: string,
): Outcome<NavigateResult> {
  const { stack } = parts
  if (typeof url !== 'string') {
    return failWith(api, 'parameter error: parameter.url should be String instead of Undefined;')
  }
  const route = parseRoute(url, from)
  const reason = refusal(api, stack, route)
  if (!stack.has(route.path)) parts.onPageNotFound(route)
  if (reason !== undefined) return failWith(api, reason)
  const errMsg = `${api}:ok`
  if (api === 'switchTab') stack.switchTab({ ...route, query: {} })
  else if (api === 'redirectTo') stack.replace(route)
  else if (api === 'reLaunch') stack.relaunch(route)
  else {
    const { openerChannel: eventChannel } = stack.push(route, events)
    return succeed({ errMsg, eventChannel })
  }
  return succeed({ errMsg })
}

function back(stack: PageStack, delta: number): Outcome<WxResult> {
  if (stack.entries.length < 2) return failWith('navigateBack', 'cannot navigate back at first page.')
  stack.pop(Math.max(1, Math.floor(delta) || 1))
  return succeed({ errMsg: 'navigateBack:ok' })
}

/** `wx.navigateTo` and its kin. The new page has had its onLoad when success is called. */
export function navigationApi(parts: NavigationParts) {
  const { host, stack } = parts
  const call = (api: Api) =>
    twoStyles<NavigateResult, UrlOptions>(host, async (options) => {
      const from = stack.top?.route.path ?? ''
      await AFTER_THIS
      return go(parts, api, options, from)
    })
  return {
    navigateTo: call('navigateTo'),
    redirectTo: call('redirectTo'),
    switchTab: call('switchTab'),
    reLaunch: call('reLaunch'),
    navigateBack: twoStyles<WxResult, { delta?: number }>(host, async ({ delta = 1 }) => {
      await AFTER_THIS
      return back(stack, delta)
    }),
  }
}
