import type { Callbacks, WxResult } from './callbacks.ts'
import { type FileMap, typeOf } from './files.ts'
import { createListeners } from './listeners.ts'
import type { Network } from './network.ts'
import type { HeaderListener } from './request.ts'
import { asText, planOf } from './request-plan.ts'
import { type Answer, exchangeOver, headersOf, type Plan, refuseUrl, type Wire } from './wire.ts'

export interface UploadOptions extends Callbacks<UploadResult> {
  url: string
  filePath: string
  /** Of the field that holds the file. */
  name: string
  /** Further fields. */
  formData?: Record<string, unknown> | undefined
  header?: Record<string, string> | undefined
  /** Milliseconds; default 60 000. */
  timeout?: number | undefined
}

export interface UploadResult extends WxResult {
  /** As it came: never parsed. The headers are told to the task alone. */
  data: string
  statusCode: number
}

export interface UploadProgress {
  /** Per cent. */
  progress: number
  totalBytesSent: number
  totalBytesExpectedToSend: number
}

export interface UploadTask {
  abort(): void
  onHeadersReceived(listener: HeaderListener): void
  offHeadersReceived(listener?: HeaderListener): void
  onProgressUpdate(listener: (progress: UploadProgress) => void): void
  offProgressUpdate(listener?: (progress: UploadProgress) => void): void
}

const API = 'uploadFile'

function formOf(options: UploadOptions, content: Uint8Array | string): FormData {
  const form = new FormData()
  for (const [name, value] of Object.entries(options.formData ?? {})) {
    if (value !== undefined) form.append(name, asText(value))
  }
  const fileName = options.filePath.slice(options.filePath.lastIndexOf('/') + 1)
  const bytes = typeof content === 'string' ? content : new Uint8Array(content)
  form.append(options.name, new Blob([bytes], { type: typeOf(fileName) }), fileName)
  return form
}

function missingParameter(options: UploadOptions): string | undefined {
  const fields = { url: options.url, filePath: options.filePath, name: options.name }
  const missing = Object.entries(fields).find(([, value]) => typeof value !== 'string' || value === '')
  return missing && `parameter error: parameter.${missing[0]} should be String`
}

function planUpload(wire: Wire, files: FileMap, options: UploadOptions): Plan {
  const missing = missingParameter(options)
  if (missing !== undefined) return { ok: false, reason: missing }
  const refusal = refuseUrl(wire, options.url, /^https?:\/\//i)
  if (refusal) return refusal
  const content = files.get(options.filePath)
  if (content === undefined) return { ok: false, reason: 'file not found' }
  return planOf(options.url, () => {
    const headers = headersOf(wire.phone, options.header)
    headers.delete('content-type') // the boundary is WeChat's to choose
    return { method: 'POST', headers, body: formOf(options, content) }
  })
}

async function readResult({ response }: Answer): Promise<UploadResult> {
  return { errMsg: `${API}:ok`, data: await response.text(), statusCode: response.status }
}

/** The form as bytes, so that its length is known before it goes. */
async function inBytes(plan: Plan): Promise<{ plan: Plan; sizeBytes: number }> {
  if (!plan.ok) return { plan, sizeBytes: 0 }
  const encoded = new Response(plan.init.body ?? null)
  const body = await encoded.arrayBuffer()
  const headers = new Headers(plan.init.headers)
  headers.set('content-type', encoded.headers.get('content-type') ?? '')
  return { plan: { ...plan, init: { ...plan.init, headers, body } }, sizeBytes: body.byteLength }
}

/** `wx.uploadFile`: a form with one file of the phone; its answer is text, whatever the server calls it. */
export function uploadApi(wire: Wire, network: Network, files: FileMap) {
  const uploadFile = (options: UploadOptions): UploadTask => {
    const headers = createListeners<{ header: Record<string, string> }>()
    const progress = createListeners<UploadProgress>()
    const planned = planUpload(wire, files, options)
    const send = async (signal: AbortSignal) => {
      const { plan, sizeBytes } = await inBytes(planned)
      const onHeader = (header: Record<string, string>) => {
        progress.tell({ progress: 100, totalBytesSent: sizeBytes, totalBytesExpectedToSend: sizeBytes })
        headers.tell({ header })
      }
      return exchangeOver(wire, { api: API, plan, signal, onHeader, read: readResult })
    }
    const task = network.begin<UploadResult>({ api: API, options, send })
    return {
      ...task,
      onHeadersReceived: headers.on,
      offHeadersReceived: headers.off,
      onProgressUpdate: progress.on,
      offProgressUpdate: progress.off,
    }
  }
  return { uploadFile }
}
