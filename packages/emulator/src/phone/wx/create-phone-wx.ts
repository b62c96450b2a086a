import type { Program } from '../../lib/miniprogram/program.ts'
import { assembleWx, type Wx, type WxOptions } from '../../lib/wx/assemble-wx.ts'
import { appidOf, type Handset, storageOf } from '../handset/handset.ts'
import { createProxyFetch } from '../proxy-fetch.ts'

/** A frame has no sockets of its own to other hosts. */
function noDial(): never {
  throw new Error('no WebSockets in this phone')
}

function timeoutOf({ app }: Program): number {
  const said: unknown = app['networkTimeout']
  const request: unknown =
    typeof said === 'object' && said !== null ? Reflect.get(said, 'request') : undefined
  return typeof request === 'number' ? request : 60_000
}

/** What this window's `wx` shares with Node's: login, network, storage, the life of the app. */
export function createPhoneWx(
  handset: Handset,
  program: Program,
  start: Pick<WxOptions, 'path' | 'query'>,
): Wx {
  const { query } = handset
  const { id, user, device } = query
  const appid = appidOf(program)
  const options: WxOptions = {
    ...start,
    appid,
    user,
    device,
    scene: query.scene,
    emulatorUrl: location.origin,
    fetch: createProxyFetch({ phone: { id, user, device } }),
    storage: storageOf(query, program),
    files: handset.files,
    networkTimeoutMs: timeoutOf(program),
    onWarning: (line) => console.warn(line),
  }
  return assembleWx(options, noDial)
}
