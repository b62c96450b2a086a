import { bindPhone } from './bind-phone.ts'
import { type Api, call } from './call.ts'
import type { Core } from './core.ts'
import { handle401 } from './handle-401.ts'
import { keptOf, NOTHING_KEPT } from './kept.ts'
import { logIn } from './login.ts'
import { logout } from './logout.ts'
import { openData, prepareOpenData } from './open-data.ts'
import { refreshUser } from './refresh-user.ts'
import { must, type Settings, settingsOf } from './settings.ts'
import { nothing } from './tell.ts'
import type { WxLike, Yaopai, YaopaiOptions } from './types.ts'
import { withToken } from './with-token.ts'

declare const wx: WxLike | undefined

/** By platform and server: several instances are one login. */
const cores: Core[] = []

/**
 * The client of one Yaopai server. Touches no global before it is called, and Storage not before it is used.
 * @throws YaopaiError `invalid_option`, which names the option and the cure
 */
export function createYaopai(options: YaopaiOptions = Object()): Yaopai {
  const platform = options.platform || (typeof wx !== 'undefined' && wx)
  must(platform && platform.login, 'platform', '用 / use wx')
  const settings = settingsOf(options, platform)
  const core = coreOf(platform, settings)
  return assemble(core, settings)
}

/** The login is shared by all instances; where requests go is each one's own. */
function assemble(core: Core, settings: Settings): Yaopai {
  const by = (api: Api) => (options: { readonly url: string }) => call<never>(core, settings, api, options)
  return {
    baseUrl: settings.base,
    authUrl: settings.server,
    get user() {
      return keptOf(core).user
    },
    get signedOut() {
      return keptOf(core).out || null
    },
    token: () => keptOf(core).current || null,
    ready: () => withToken(core, nothing),
    login: () => logIn(core),
    logout: () => logout(core),
    refreshUser: () => refreshUser(core),
    request: by('request'),
    upload: by('uploadFile'),
    download: by('downloadFile'),
    connect: by('connectSocket'),
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

function coreOf(platform: WxLike, settings: Settings): Core {
  const known = cores.find((core) => core.wx === platform && core.settings.server === settings.server)
  if (known) return known
  const core: Core = {
    wx: platform,
    settings,
    kept: NOTHING_KEPT,
    loginsAtMs: [],
    busy: 0,
    listeners: new Set(),
  }
  cores.push(core)
  return core
}
