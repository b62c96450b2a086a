import { PHONE_HEADER, phoneHeader } from '../../lib/proxy/envelope.ts'
import { make } from '../chrome/dom.ts'
import type { Answer } from '../components/index.ts'
import { appidOf } from '../handset/handset.ts'
import type { WxParts } from './parts.ts'
import { askConsent, denied } from './sheet-answers.ts'

interface PhoneAnswer {
  code: string
  encryptedData: string
  iv: string
  /** How the sheet shows the number, where the emulator says. */
  phoneNumber?: string
}

const API = 'getPhoneNumber'

/** What WeChat hands out once the user has allowed it. */
async function askWeChat({ handset, program }: WxParts): Promise<Answer> {
  const { query } = handset
  const response = await fetch('/_emulator/wx/phone-code', {
    method: 'POST',
    headers: { 'content-type': 'application/json', [PHONE_HEADER]: phoneHeader(query) },
    body: JSON.stringify({ appid: appidOf(program), user: query.user, device: query.device }),
  })
  if (!response.ok) return { errMsg: `${API}:fail the emulator refused: ${await response.text()}` }
  const { code, encryptedData, iv } = (await response.json()) as PhoneAnswer
  return { errMsg: `${API}:ok`, code, encryptedData, iv }
}

/** `<button open-type="getPhoneNumber">`: WeChat's sheet, and a code where it is allowed. */
export async function getPhoneNumber(parts: WxParts): Promise<Answer> {
  const { words, isOffline } = parts.handset
  const row = make(
    'p',
    { class: 'consent-row' },
    words.phoneHolder(parts.handset.nickname),
    make('small', {}, words.phoneNumber),
  )
  const isAllowed = await askConsent(parts, {
    title: words.phoneTitle,
    text: words.phoneText,
    body: [row],
    allow: words.allow,
    refuse: words.refused,
  })
  if (!isAllowed) return denied(API)
  return isOffline ? { errMsg: `${API}:fail network error` } : askWeChat(parts)
}
