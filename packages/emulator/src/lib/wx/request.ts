import { createListeners } from './listeners.ts'
import type { Network } from './network.ts'
import { planRequest, type RequestOptions, type RequestResult } from './request-plan.ts'
import { type Answer, exchangeOver, type Wire } from './wire.ts'

export type HeaderListener = (res: { header: Record<string, string> }) => void

export interface RequestTask {
  abort(): void
  onHeadersReceived(listener: HeaderListener): void
  offHeadersReceived(listener?: HeaderListener): void
}

function parseData(bytes: ArrayBuffer, options: RequestOptions): unknown {
  if (options.responseType === 'arraybuffer') return bytes
  const text = new TextDecoder().decode(bytes) // strips one BOM
  if ((options.dataType ?? 'json') !== 'json') return text
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

async function readResult({ response, header }: Answer, options: RequestOptions): Promise<RequestResult> {
  const data = parseData(await response.arrayBuffer(), options)
  const cookies = response.headers.getSetCookie()
  return { errMsg: 'request:ok', data, statusCode: response.status, header, cookies }
}

/** `wx.request`: success on any status, a task and never a Promise. */
export function requestApi(wire: Wire, network: Network) {
  const request = (options: RequestOptions): RequestTask => {
    const headers = createListeners<{ header: Record<string, string> }>()
    // Made at the call: what the page does to its objects later does not count.
    const plan = planRequest(wire, options)
    const onHeader = (header: Record<string, string>) => headers.tell({ header })
    const read = (answer: Answer) => readResult(answer, options)
    const task = network.begin<RequestResult>({
      api: 'request',
      options,
      send: (signal) => exchangeOver(wire, { api: 'request', plan, signal, onHeader, read }),
    })
    return { ...task, onHeadersReceived: headers.on, offHeadersReceived: headers.off }
  }
  return { request }
}
