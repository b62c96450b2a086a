import { startCall } from './call.ts'
import type { Core } from './core.ts'
import { addressOf, originOf } from './origin.ts'
import { type Job, transmitter } from './send.ts'
import type { Settings } from './settings.ts'
import { openSocket } from './socket.ts'
import type { Call, ConnectOptions, DownloadOptions, RequestOptions, UploadOptions } from './types.ts'

export type Api = 'request' | 'uploadFile' | 'downloadFile' | 'connectSocket'

const SAFE = /^(GET|HEAD|OPTIONS)$/i

/** One of WeChat's four ways over the network, as the user. */
export function start<Result>(
  core: Core,
  settings: Settings,
  api: Api,
  options: RequestOptions | UploadOptions | DownloadOptions | ConnectOptions,
): Call<Result> {
  const { header, auth, idempotent, onTask, method = api === 'uploadFile' ? 'POST' : 'GET' } = options
  const url = addressOf(settings.baseUrl, String(options.url))
  const given = Object.assign({}, options, { url })
  const job: Job = {
    transmit: api === 'connectSocket' ? openSocket(core, given) : transmitter(core, api, given),
    header,
    // Who sets Authorization means something else by it.
    carriesToken:
      auth !== false &&
      settings.origins.indexOf(originOf(url)) >= 0 &&
      !/^authorization$/im.test(Object.keys(header || {}).join('\n')),
    isIdempotent: idempotent === undefined ? SAFE.test(String(method)) : idempotent,
    onTask,
  }
  return startCall(core, settings, job, options as object)
}

/** A request to Yaopai itself, as the user. */
export function ownRequest<Data>(
  core: Core,
  path: string,
  options: object,
): Call<{ readonly statusCode: number; readonly data: Data }> {
  const { settings } = core
  return start(core, settings, 'request', Object.assign({ url: settings.authUrl + path }, options))
}
