import { failWith, type Outcome, twoStyles, type WxResult } from '../../lib/wx/callbacks.ts'
import { openDialog } from '../chrome/dialog.ts'
import { make } from '../chrome/dom.ts'
import { doing, okay, type WxParts } from './parts.ts'
import type { PermitStore } from './permits.ts'
import { askConsent, programName } from './sheet-answers.ts'

type NeedListener = (
  resolve: (answer: { event: string; buttonId?: string }) => void,
  info: { referrer: string },
) => void

const PRIVACY = 'privacy'

function showContract(parts: WxParts): void {
  const { words } = parts.handset
  const look = { kind: 'sheet', label: words.privacyOpen, canDismiss: true } as const
  openDialog(look, (close) => [
    make('h2', { class: 'sheet-title' }, `${programName(parts)} ${words.privacyOpen}`),
    make('p', { class: 'consent-text' }, words.privacyContract),
    make(
      'button',
      { type: 'button', class: 'sheet-row sheet-cancel', onclick: () => close() },
      words.dismiss,
    ),
  ])
}

function askHere(parts: WxParts): Promise<boolean> {
  const { words } = parts.handset
  const contract = make(
    'button',
    { type: 'button', class: 'link-button consent-link', onclick: () => showContract(parts) },
    words.privacyOpen,
  )
  return askConsent(parts, {
    title: words.privacyTitle,
    text: words.privacyText,
    body: [contract],
    allow: words.privacyAgree,
    refuse: words.privacyDisagree,
  })
}

/** The mini program asks in its own words, where it said that it wants to. */
function askThere(listeners: readonly NeedListener[]): Promise<boolean> {
  return new Promise((resolve) => {
    const answer = ({ event }: { event: string }) => {
      if (event === 'agree') resolve(true)
      if (event === 'disagree') resolve(false)
    }
    for (const listener of listeners) listener(answer, { referrer: 'requirePrivacyAuthorize' })
  })
}

/** `wx.getPrivacySetting`, `wx.requirePrivacyAuthorize`, `wx.openPrivacyContract`. */
export function privacyApi(parts: WxParts, permits: PermitStore) {
  const { host, handset, program } = parts
  const listeners: NeedListener[] = []
  const isNeeded = () => program.app['__usePrivacyCheck__'] === true && permits.get(PRIVACY) !== true
  const require = async (): Promise<Outcome<WxResult>> => {
    const api = 'requirePrivacyAuthorize'
    if (!isNeeded()) return okay(api, {})
    const isAgreed = await (listeners.length > 0 ? askThere(listeners) : askHere(parts))
    if (isAgreed) permits.set(PRIVACY, true)
    return isAgreed ? okay(api, {}) : failWith(api, 'privacy permission is not authorized', 104)
  }
  return {
    getPrivacySetting: twoStyles<
      WxResult & { needAuthorization: boolean; privacyContractName: string },
      object
    >(host, async () =>
      okay('getPrivacySetting', {
        needAuthorization: isNeeded(),
        privacyContractName: handset.words.privacyOpen,
      }),
    ),
    requirePrivacyAuthorize: twoStyles<WxResult, object>(host, require),
    openPrivacyContract: doing(host, 'openPrivacyContract', () => showContract(parts)),
    onNeedPrivacyAuthorization: (listener: NeedListener) => void listeners.push(listener),
  }
}
