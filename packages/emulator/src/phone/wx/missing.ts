import { failWith, succeed, twoStyles, type WxResult } from '../../lib/wx/callbacks.ts'
import { callingPlace } from '../runtime/problems.ts'
import names from './api-names.json' with { type: 'json' }
import { inert } from './inert.ts'
import type { WxParts } from './parts.ts'

/** What these tell of never happens on this phone; to listen for it is not to need it. */
const NEVER_HAPPENS = new Set([
  'onAudioInterruptionBegin',
  'onAudioInterruptionEnd',
  'onKeyboardHeightChange',
  'onLazyLoadError',
  'onMemoryWarning',
  'onNetworkWeakChange',
  'onUserCaptureScreen',
  'onWindowStateChange',
])

/** They only make later calls faster, and frameworks call them for everybody. */
const HINTS = new Set(['preloadAssets', 'preloadSkylineView', 'preloadWebview'])

/** Tells on the screen and in the console that something is not in this phone, once for each place. */
export function tellMissing(
  { handset, screen }: Pick<WxParts, 'handset' | 'screen'>,
  what: string,
  place: string,
) {
  const isKnown = handset.missing.some((one) => one.what === what && one.place === place)
  if (isKnown) return
  handset.missing.push({ what, place })
  console.warn(`${what} is not in this phone (${place})`)
  screen.missing.update(handset.missing)
}

function placeText(): string {
  const place = callingPlace()
  if (!place) return '?'
  return place.line === undefined ? place.file : `${place.file}:${place.line}`
}

const GIVES_OBJECT = /^(create|get\w*(Manager|Context|Adapter|System)$)/
const REASON = 'not supported by this phone'

function standIn(parts: WxParts, api: string): (...args: unknown[]) => unknown {
  const tell = () => tellMissing(parts, `wx.${api}`, placeText())
  if (/^off[A-Z]/.test(api) || NEVER_HAPPENS.has(api)) return () => undefined
  if (HINTS.has(api)) {
    const done = twoStyles<WxResult, object>(parts.host, async () => succeed({ errMsg: `${api}:ok` }))
    return (options) => done(Object(options))
  }
  if (/^on[A-Z]/.test(api)) return tell
  if (GIVES_OBJECT.test(api)) {
    return () => {
      tell()
      return inert()
    }
  }
  if (api.endsWith('Sync')) {
    return () => {
      tell()
      throw new Error(`${api}:fail ${REASON}`)
    }
  }
  const fail = twoStyles<WxResult, object>(parts.host, async () => failWith(api, REASON))
  return (options) => {
    tell()
    const failing: unknown = fail(Object(options))
    // Who does not look at the answer is told by the notice already.
    if (failing instanceof Promise) failing.catch(() => {})
    return failing
  }
}

/** All of WeChat's API that `wx` does not have: each says so when it is called, and fails as WeChat fails. */
export function missingApi(parts: WxParts, wx: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const absent = names.filter((name) => !(name in wx))
  return Object.fromEntries(absent.map((name) => [name, standIn(parts, name)]))
}
