import { bindPhone } from './bind-phone.ts'
import { call } from './call.ts'
import type { Core } from './core.ts'
import { handle401 } from './handle-401.ts'
import { haveToken } from './have-token.ts'
import { keptOf, NOTHING_KEPT } from './kept.ts'
import { logIn } from './login.ts'
import { logout } from './logout.ts'
import { openData, prepareOpenData } from './open-data.ts'
import { refreshUser } from './refresh-user.ts'
import { must, type Settings, settingsOf } from './settings.ts'
import type { WxLike, Yaopai, YaopaiOptions } from './types.ts'

declare const wx: WxLike | undefined

/** By platform and server: several instances are one login. */
const cores = new WeakMap<object, Map<string, Core>>()

/**
 * The client of one Yaopai server. Touches no global before it is called, and Storage not before it is used.
 * @throws YaopaiError `invalid_option`, which names the option and the cure
 */
export function createYaopai(options: YaopaiOptions): Yaopai {
  const platform = options.platform || (typeof wx === 'undefined' ? undefined : wx)
  must(platform && platform.login, 'platform', '应为 / must be wx, Taro, uni')
  const settings = settingsOf(options, platform)
  return assemble(coreOf(platform, settings), settings)
}

/** The login is shared by all instances; where requests go is each one's own. */
function assemble(core: Core, settings: Settings): Yaopai {
  const { baseUrl, authUrl } = settings
  return {
    baseUrl,
    authUrl,
    get user() {
      return keptOf(core).user
    },
    get signedOut() {
      return keptOf(core).out || null
    },
    token: () => keptOf(core).token || null,
    ready: () => haveToken(core),
    login: () => logIn(core),
    logout: () => logout(core),
    refreshUser: () => refreshUser(core),
    request: (options) => call(core, settings, 'request', options),
    upload: (options) => call(core, settings, 'uploadFile', options),
    download: (options) => call(core, settings, 'downloadFile', options),
    connect: (options) => call(core, settings, 'connectSocket', options),
    handle401: (answer, sentToken) => handle401(core, answer, sentToken),
    onSignedOut: (listener) => {
      core.listeners.add(listener)
      return () => {
        core.listeners.delete(listener)
      }
    },
    bindPhone: (event) => bindPhone(core, event),
    openData: (getData) => openData(core, getData),
    prepareOpenData: () => prepareOpenData(core),
  }
}

function coreOf(wx: WxLike, settings: Settings): Core {
  const known = cores.get(wx) || new Map<string, Core>()
  const core = known.get(settings.authUrl) || {
    wx,
    settings,
    kept: NOTHING_KEPT,
    readAtMs: 0,
    ends: 0,
    loginsAtMs: [],
    failedAtMs: 0,
    renewFailedAtMs: 0,
    busy: 0,
    listeners: new Set(),
  }
  cores.set(wx, known.set(settings.authUrl, core))
  return core
}
