import { failWith, twoStyles, type WxResult } from '../../lib/wx/callbacks.ts'
import { createListeners } from '../../lib/wx/listeners.ts'
import { showActionSheet } from '../chrome/action-sheet.ts'
import { APP_EVENTS } from '../runtime/app.ts'
import { doing, okay, type WxParts } from './parts.ts'

/** `wx.onError`, `wx.offError` and their kin. */
function listening({ app }: WxParts): Record<string, unknown> {
  const pairs = APP_EVENTS.flatMap((event) => {
    const { on, off } = app.listeners[event]
    return [
      [event, on],
      [event.replace(/^on/, 'off'), off],
    ]
  })
  return Object.fromEntries(pairs)
}

function windowResize() {
  const resized = createListeners<{ size: { windowWidth: number; windowHeight: number } }>()
  addEventListener('resize', () =>
    resized.tell({ size: { windowWidth: window.innerWidth, windowHeight: window.innerHeight } }),
  )
  return { onWindowResize: resized.on, offWindowResize: resized.off }
}

/** There is never a newer version here. */
function updateManager() {
  return {
    onCheckForUpdate: (told: (res: { hasUpdate: boolean }) => void) =>
      void setTimeout(told, 0, { hasUpdate: false }),
    onUpdateReady: () => {},
    onUpdateFailed: () => {},
    applyUpdate: () => {},
  }
}

function logger() {
  const { debug, info, warn, error } = console
  const own = { debug, log: info, info, warn, error, setFilterMsg: () => {}, addFilterMsg: () => {} }
  return {
    ...own,
    tag: () => own,
    getCurrentState: () => ({ size: 0, maxSize: 5120, logCount: 0, maxLogCount: 1000 }),
  }
}

const BATTERY = { level: 82, isCharging: false, isLowPowerModeEnabled: false }

/** Calls that do nothing that can be seen, here as on a phone. */
const QUIET = [
  'hideShareMenu',
  'reportPerformance',
  'setEnableDebug',
  'setKeepScreenOn',
  'showShareMenu',
  'updateShareMenu',
  'vibrateLong',
  'vibrateShort',
] as const

async function call({ handset }: WxParts, phoneNumber: string) {
  if (!phoneNumber) return failWith<WxResult>('makePhoneCall', 'parameter error: phoneNumber is required')
  const chosen = await showActionSheet(handset.words, { items: [handset.words.call(String(phoneNumber))] })
  return chosen === undefined ? failWith<WxResult>('makePhoneCall', 'cancel') : okay('makePhoneCall', {})
}

function blurField(): void {
  if (document.activeElement instanceof HTMLElement) document.activeElement.blur()
}

/** What else common mini programs call. */
export function miscApi(parts: WxParts) {
  const { host } = parts
  const quiet = QUIET.map((api) => [api, doing(host, api, () => {})] as const)
  return {
    ...Object.fromEntries(quiet),
    ...listening(parts),
    ...windowResize(),
    nextTick: (run: () => void) => void Promise.resolve().then(run),
    getUpdateManager: updateManager,
    getLogManager: logger,
    getRealtimeLogManager: logger,
    reportEvent: () => {},
    reportAnalytics: () => {},
    reportMonitor: () => {},
    getBatteryInfoSync: () => ({ ...BATTERY }),
    getBatteryInfo: twoStyles<WxResult & typeof BATTERY, object>(host, async () =>
      okay('getBatteryInfo', BATTERY),
    ),
    getExtConfigSync: () => ({}),
    getExtConfig: twoStyles<WxResult & { extConfig: object }, object>(host, async () =>
      okay('getExtConfig', { extConfig: {} }),
    ),
    hideKeyboard: doing(host, 'hideKeyboard', blurField),
    makePhoneCall: twoStyles<WxResult, { phoneNumber: string }>(host, ({ phoneNumber }) =>
      call(parts, phoneNumber),
    ),
    exitMiniProgram: doing(host, 'exitMiniProgram', parts.exit),
    restartMiniProgram: doing<{ path?: string }>(host, 'restartMiniProgram', ({ path }) =>
      parts.restart(path ?? ''),
    ),
  }
}
