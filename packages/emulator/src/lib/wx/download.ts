import type { Callbacks, WxResult } from './callbacks.ts'
import { extensionOf, type FileMap, TYPES, tempPath, userDataPath } from './files.ts'
import { createListeners } from './listeners.ts'
import type { Network } from './network.ts'
import type { HeaderListener } from './request.ts'
import { planOf } from './request-plan.ts'
import { type Answer, exchangeOver, headersOf, type Plan, refuseUrl, type Wire } from './wire.ts'

export interface DownloadOptions extends Callbacks<DownloadResult> {
  url: string
  header?: Record<string, string> | undefined
  /** Below `wx.env.USER_DATA_PATH`. Default: a temporary file. */
  filePath?: string | undefined
  /** Milliseconds; default 60 000. */
  timeout?: number | undefined
}

/** `filePath` where the call named one, else `tempFilePath`. */
export interface DownloadResult extends WxResult {
  statusCode: number
  tempFilePath?: string
  filePath?: string
  header: Record<string, string>
}

export interface DownloadProgress {
  /** Per cent; 0 as long as the server keeps the length to itself. */
  progress: number
  totalBytesWritten: number
  totalBytesExpectedToWrite: number
}

export interface DownloadTask {
  abort(): void
  onHeadersReceived(listener: HeaderListener): void
  offHeadersReceived(listener?: HeaderListener): void
  onProgressUpdate(listener: (progress: DownloadProgress) => void): void
  offProgressUpdate(listener?: (progress: DownloadProgress) => void): void
}

const API = 'downloadFile'

function planDownload(wire: Wire, options: DownloadOptions): Plan {
  const url = String(options.url)
  const { filePath } = options
  if (filePath !== undefined && !filePath.startsWith(`${userDataPath(wire.phone)}/`)) {
    return { ok: false, reason: `permission denied, open "${filePath}"` }
  }
  const makeInit = () => ({ headers: headersOf(wire.phone, options.header) })
  return refuseUrl(wire, url, /^https?:\/\//i) ?? planOf(url, makeInit)
}

/** The body as it comes in, each piece told. */
async function readBody(response: Response, tell: (progress: DownloadProgress) => void): Promise<Uint8Array> {
  const expectedBytes = Number(response.headers.get('content-length') ?? 0)
  const chunks: Uint8Array<ArrayBuffer>[] = []
  let writtenBytes = 0
  for (const reader = response.body?.getReader(); reader; ) {
    const { done, value } = await reader.read()
    if (done) break
    chunks.push(value)
    writtenBytes += value.byteLength
    const progress = expectedBytes === 0 ? 0 : Math.floor((100 * writtenBytes) / expectedBytes)
    tell({ progress, totalBytesWritten: writtenBytes, totalBytesExpectedToWrite: expectedBytes })
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer())
}

/** By the URL, or else by what the server calls it. */
function extensionFor(response: Response, url: string): string {
  const type = response.headers.get('content-type')?.split(';', 1)[0]
  return extensionOf(new URL(url).pathname) || (Object.keys(TYPES).find((name) => TYPES[name] === type) ?? '')
}

interface Saving {
  wire: Wire
  files: FileMap
  options: DownloadOptions
  signal: AbortSignal
  tell(progress: DownloadProgress): void
}

async function save({ response, header }: Answer, saving: Saving): Promise<DownloadResult> {
  const { wire, files, options, signal } = saving
  const content = await readBody(response, saving.tell)
  signal.throwIfAborted()
  const path = options.filePath ?? tempPath(wire.phone, extensionFor(response, options.url))
  files.set(path, content)
  const where = options.filePath === undefined ? { tempFilePath: path } : { filePath: path }
  return { errMsg: `${API}:ok`, statusCode: response.status, ...where, header }
}

/** `wx.downloadFile`: whatever comes is saved, also the page that says 404. */
export function downloadApi(wire: Wire, network: Network, files: FileMap) {
  const downloadFile = (options: DownloadOptions): DownloadTask => {
    const headers = createListeners<{ header: Record<string, string> }>()
    const progress = createListeners<DownloadProgress>()
    const plan = planDownload(wire, options)
    const onHeader = (header: Record<string, string>) => headers.tell({ header })
    const send = (signal: AbortSignal) => {
      const saving = { wire, files, options, signal, tell: progress.tell }
      const read = (answer: Answer) => save(answer, saving)
      return exchangeOver(wire, { api: API, plan, signal, onHeader, read })
    }
    const task = network.begin<DownloadResult>({ api: API, options, send })
    return {
      ...task,
      onHeadersReceived: headers.on,
      offHeadersReceived: headers.off,
      onProgressUpdate: progress.on,
      offProgressUpdate: progress.off,
    }
  }
  return { downloadFile }
}
