/** A way in which WeChat is not well, as the emulator takes it. */
export interface Trouble {
  name: TroubleName
  fault: Readonly<Record<string, string | number | boolean>>
}

export type TroubleName = 'slow' | 'busy' | 'quota' | 'html' | 'shortJson' | 'reset' | 'gateway' | 'ip'

const LOGIN = '/sns/jscode2session'
const HTML =
  '<!DOCTYPE html><html><head><title>Error</title></head><body><h1>Service is on holiday</h1></body></html>'

export const TROUBLES: readonly Trouble[] = [
  { name: 'slow', fault: { path: '*', delayMs: 3000 } },
  { name: 'busy', fault: { path: LOGIN, errcode: -1 } },
  { name: 'quota', fault: { path: LOGIN, errcode: 45011 } },
  { name: 'ip', fault: { path: LOGIN, errcode: 40164 } },
  { name: 'html', fault: { path: '*', body: HTML, contentType: 'text/html; charset=utf-8' } },
  {
    name: 'shortJson',
    fault: { path: '*', body: '{"session_key":"tiihtNczf5v6AKRy', contentType: 'text/plain' },
  },
  { name: 'reset', fault: { path: '*', reset: true } },
  { name: 'gateway', fault: { path: '*', status: 502 } },
]

/** How many calls it hits; null: all, until it is switched off. */
export type Times = 1 | 3 | null

export function faultOf(trouble: Trouble, times: Times): object {
  return times === null ? trouble.fault : { ...trouble.fault, times }
}
