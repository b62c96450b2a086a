import { make } from '../chrome/dom.ts'
import type { Answer } from '../components/index.ts'
import type { WxParts } from './parts.ts'
import { askConsent } from './sheet-answers.ts'

/** `<button open-type="getPhoneNumber">`: WeChat's sheet, and a code where it is allowed. */
export async function getPhoneNumber({ base, ...parts }: WxParts): Promise<Answer> {
  const { words, nickname } = parts.handset
  const number = make('small', {}, words.phoneNumber)
  const isAllowed = await askConsent(parts, {
    title: words.phoneTitle,
    text: words.phoneText,
    body: [make('p', { class: 'consent-row' }, words.phoneHolder(nickname), number)],
    allow: words.allow,
    refuse: words.refused,
  })
  const { detail } = await base.phone.tapPhoneButton({ deny: !isAllowed })
  return { ...detail }
}
