import type { CheckSessionResult, LoginOk, OnDevice } from '../wechat/login.ts'
import type { OpenData, OpenDataInput } from '../wechat/open-data.ts'
import type { PhoneCodeResult } from '../wechat/phone-code.ts'

/** What the wx object asks of an emulator, in this process or over its control interface. */
export interface Backstage {
  login(input: OnDevice): LoginOk | Promise<LoginOk>
  checkSession(input: OnDevice): CheckSessionResult | Promise<CheckSessionResult>
  openData(input: OpenDataInput): OpenData | Promise<OpenData>
  phoneCode(input: OnDevice): PhoneCodeResult | Promise<PhoneCodeResult>
}

interface Remote {
  url: string
  fetch: typeof fetch
}

async function post(remote: Remote, path: string, input: object): Promise<unknown> {
  const response = await remote.fetch(new URL(path, remote.url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(input),
  })
  const answer: unknown = await response.json()
  if (response.ok) return answer
  throw new Error(`the emulator refused: ${JSON.stringify(answer)}`)
}

/** An emulator that runs elsewhere on this machine. */
export function remoteBackstage(url: string, fetch_: typeof fetch): Backstage {
  const remote = { url, fetch: fetch_ }
  // The emulator is this package's own: what it answers on these routes is typed by the functions it runs there.
  return {
    login: async (input) => (await post(remote, '/_emulator/wx/login', input)) as LoginOk,
    checkSession: async (input) =>
      (await post(remote, '/_emulator/wx/check-session', input)) as CheckSessionResult,
    openData: async (input) => (await post(remote, '/_emulator/wx/open-data', input)) as OpenData,
    phoneCode: async (input) => (await post(remote, '/_emulator/wx/phone-code', input)) as PhoneCodeResult,
  }
}
