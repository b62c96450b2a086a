import { twoStyles, type WxResult } from '../../lib/wx/callbacks.ts'
import { CAPSULE, NAVIGATION_BAR_HEIGHT, STATUS_BAR_HEIGHT } from '../chrome/bars.ts'
import { followsTheme } from '../runtime/page-look.ts'
import { okay, type WxParts } from './parts.ts'

/** Height of the strip at the foot of a phone without buttons. */
export const BOTTOM_INSET = 20

function windowInfo({ stack }: WxParts) {
  const { innerWidth: screenWidth, innerHeight: screenHeight, devicePixelRatio: pixelRatio } = window
  const view = stack.top?.view.element.getBoundingClientRect()
  const height =
    view && view.height > 0 ? view.height : screenHeight - STATUS_BAR_HEIGHT - NAVIGATION_BAR_HEIGHT
  const bottom = screenHeight - BOTTOM_INSET
  return {
    pixelRatio,
    screenWidth,
    screenHeight,
    windowWidth: screenWidth,
    windowHeight: height,
    statusBarHeight: STATUS_BAR_HEIGHT,
    screenTop: view?.top ?? STATUS_BAR_HEIGHT + NAVIGATION_BAR_HEIGHT,
    safeArea: {
      left: 0,
      right: screenWidth,
      top: STATUS_BAR_HEIGHT,
      bottom,
      width: screenWidth,
      height: bottom - STATUS_BAR_HEIGHT,
    },
  }
}

export function themeOf({
  handset,
  program,
}: Pick<WxParts, 'handset' | 'program'>): 'dark' | 'light' | undefined {
  if (!followsTheme(program)) return undefined
  return handset.isDark ? 'dark' : 'light'
}

function appBaseInfo(parts: WxParts) {
  const language = parts.handset.query.language === 'zh' ? 'zh_CN' : 'en'
  const theme = themeOf(parts)
  const host = { env: 'WeChat' }
  const base = { ...parts.base.getAppBaseInfo?.(), language, enableDebug: false, fontSizeSetting: 16, host }
  return theme === undefined ? base : { ...base, theme }
}

const SETTING = {
  bluetoothEnabled: false,
  locationEnabled: true,
  wifiEnabled: true,
  deviceOrientation: 'portrait',
} as const

const AUTHORIZED = {
  albumAuthorized: 'authorized',
  bluetoothAuthorized: 'not determined',
  cameraAuthorized: 'authorized',
  locationAuthorized: 'authorized',
  locationReducedAccuracy: false,
  microphoneAuthorized: 'authorized',
  notificationAuthorized: 'authorized',
  phoneCalendarAuthorized: 'not determined',
} as const

function capsuleRect() {
  const { width, height, right: gapRight, gap } = CAPSULE
  const right = window.innerWidth - gapRight
  const top = STATUS_BAR_HEIGHT + gap
  return { width, height, top, right, bottom: top + height, left: right - width }
}

/** What the mini program can ask of the device it runs on. */
export function systemApi(parts: WxParts) {
  const deviceInfo = () => ({
    ...parts.base.getDeviceInfo?.(),
    abi: 'arm64-v8a',
    benchmarkLevel: 40,
    cpuType: 'emulated',
    memorySize: '8192',
    deviceOrientation: 'portrait',
  })
  const systemInfo = () => ({ ...deviceInfo(), ...appBaseInfo(parts), ...windowInfo(parts), ...SETTING })
  const told = (api: string) => twoStyles<WxResult, object>(parts.host, async () => okay(api, systemInfo()))
  return {
    getWindowInfo: () => windowInfo(parts),
    getDeviceInfo: deviceInfo,
    getAppBaseInfo: () => appBaseInfo(parts),
    getSystemSetting: () => ({ ...SETTING }),
    getAppAuthorizeSetting: () => ({ ...AUTHORIZED }),
    getSystemInfoSync: systemInfo,
    getSystemInfo: told('getSystemInfo'),
    getSystemInfoAsync: told('getSystemInfoAsync'),
    getMenuButtonBoundingClientRect: capsuleRect,
  }
}
