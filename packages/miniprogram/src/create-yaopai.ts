import { bindPhone } from './bind-phone.ts'
import type { Core } from './core.ts'
import { handle401 } from './handle-401.ts'
import { haveToken } from './have-token.ts'
import { keptOf } from './kept.ts'
import { logIn } from './login.ts'
import { logout } from './logout.ts'
import { openData, prepareOpenData } from './open-data.ts'
import { refreshUser } from './refresh-user.ts'
import { start } from './requests.ts'
import { invalid, type Settings, settingsOf } from './settings.ts'
import type { RequestOptions, WxLike, Yaopai, YaopaiOptions } from './types.ts'

declare const wx: WxLike | undefined

/** By platform and server: several instances are one login. */
const cores = new WeakMap<object, Record<string, Core>>()

/**
 * The client of one Yaopai server. Touches no global before it is called, and Storage not before it is used.
 * @throws YaopaiError `invalid_option`, which names the option and the cure
 */
export function createYaopai(options: YaopaiOptions): Yaopai {
  const platform = options.platform || (typeof wx === 'undefined' ? undefined : wx)
  if (!platform || !platform.request) throw invalid('platform', '应为 / must be wx, Taro, uni')
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
      return keptOf(core).user || null
    },
    get signedOut() {
      return keptOf(core).out || null
    },
    token: () => keptOf(core).token || null,
    ready: () => haveToken(core),
    login: () => logIn(core),
    logout: () => logout(core),
    refreshUser: () => refreshUser(core),
    request: (options) => start(core, settings, 'request', options as RequestOptions),
    upload: (options) => start(core, settings, 'uploadFile', options),
    download: (options) => start(core, settings, 'downloadFile', options),
    connect: (options) => start(core, settings, 'connectSocket', options),
    handle401: (answer, sentToken) => handle401(core, answer, sentToken),
    onSignedOut: (listener) => listen(core, listener),
    bindPhone: (event) => bindPhone(core, event),
    openData: (getData) => openData(core, getData),
    prepareOpenData: () => prepareOpenData(core),
  }
}

function listen({ listeners }: Core, listener: Core['listeners'][number]): () => void {
  listeners.push(listener)
  return () => {
    const at = listeners.indexOf(listener)
    if (at >= 0) listeners.splice(at, 1)
  }
}

function coreOf(platform: WxLike, settings: Settings): Core {
  const known = cores.get(platform) || {}
  cores.set(platform, known)
  known[settings.authUrl] = known[settings.authUrl] || newCore(platform, settings)
  return known[settings.authUrl] as Core
}

function newCore(platform: WxLike, settings: Settings): Core {
  return {
    wx: platform,
    settings,
    kept: { v: 1, rev: 0 },
    readAtMs: 0,
    installId: '',
    login: null,
    renewal: null,
    renewFailedAtMs: 0,
    busy: 0,
    ends: 0,
    loginEnds: 0,
    loginsAtMs: [],
    failure: null,
    keyChecked: false,
    hold: null,
    listeners: [],
  }
}
