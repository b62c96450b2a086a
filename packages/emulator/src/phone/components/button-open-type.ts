import { flag, text } from './core/property.ts'
import type { AnySelf } from './core/self.ts'
import type { Answer } from './services.ts'

export const openTypeProperties = {
  openType: text(),
  lang: text('en'),
  sessionFrom: text(),
  sendMessageTitle: text(),
  sendMessagePath: text(),
  sendMessageImg: text(),
  showMessageCard: flag(),
  appParameter: text(),
  businessId: text(),
  phoneNumberNoQuotaToast: flag(true),
  needShowEntrance: flag(true),
  entrancePath: text(),
}

/** What is asked of the phone, and the event that brings its answer. */
const ANSWERED: Readonly<Record<string, { event: string; ask: (button: AnySelf) => Promise<Answer> }>> = {
  getPhoneNumber: { event: 'getphonenumber', ask: ({ phone }) => phone.getPhoneNumber() },
  chooseAvatar: { event: 'chooseavatar', ask: ({ phone }) => phone.chooseAvatar() },
  getUserInfo: { event: 'getuserinfo', ask: ({ phone }) => phone.getUserInfo() },
  agreePrivacyAuthorization: {
    event: 'agreeprivacyauthorization',
    ask: async () => ({ errMsg: 'agreePrivacyAuthorization:ok' }),
  },
  openSetting: { event: 'opensetting', ask: (button) => ask(button, 'openSetting') },
  contact: { event: 'contact', ask: (button) => ask(button, 'contact') },
  launchApp: { event: 'launchapp', ask: (button) => ask(button, 'launchApp') },
  feedback: { event: 'feedback', ask: (button) => ask(button, 'feedback') },
}

const PASSED = Object.keys(openTypeProperties).filter((name) => name !== 'openType')

function ask(button: AnySelf, openType: string): Promise<Answer> {
  const attributes = Object.fromEntries(PASSED.map((name) => [name, button.data[name]]))
  return button.phone.openType(openType, attributes)
}

/** Does what one of a button's open-types asks for. One that the phone lacks is said to be missing. */
export async function runOpenType(button: AnySelf, openType: string): Promise<void> {
  if (openType === 'share') {
    const { id, dataset } = button.component
    button.phone.share({ id, dataset })
    return
  }
  const known = ANSWERED[openType]
  if (known === undefined) {
    button.phone.missing({ what: `button open-type="${openType}"`, file: button.from() })
    return
  }
  const detail = await known.ask(button)
  const isError = openType === 'launchApp' && !detail.errMsg.endsWith(':ok')
  button.emit(isError ? 'error' : known.event, detail)
}
