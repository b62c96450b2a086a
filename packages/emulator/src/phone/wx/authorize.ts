import { failWith, type Outcome, twoStyles, type WxResult } from '../../lib/wx/callbacks.ts'
import { openDialog } from '../chrome/dialog.ts'
import { make } from '../chrome/dom.ts'
import { okay, type WxParts } from './parts.ts'
import type { PermitStore } from './permits.ts'
import { askConsent } from './sheet-answers.ts'

type Setting = { authSetting: Record<string, boolean> }

const SCOPE = /^scope\./

function settingOf(permits: PermitStore): Setting {
  const asked = Object.entries(permits.all()).filter(([name]) => SCOPE.test(name))
  return { authSetting: Object.fromEntries(asked) }
}

async function authorize(parts: WxParts, permits: PermitStore, scope: string): Promise<Outcome<WxResult>> {
  const api = 'authorize'
  const { words } = parts.handset
  if (!SCOPE.test(String(scope))) return failWith(api, 'parameter error: invalid scope')
  const known = permits.get(scope)
  if (known !== undefined) return known ? okay(api, {}) : failWith(api, 'auth deny')
  const title = words.permissionTitle(scope.replace(SCOPE, ''))
  const isAllowed = await askConsent(parts, { title, text: '', allow: words.allow, refuse: words.refuse })
  permits.set(scope, isAllowed)
  return isAllowed ? okay(api, {}) : failWith(api, 'auth deny')
}

/** WeChat's page of what was asked for, with a switch for each. */
async function openSetting({ handset }: WxParts, permits: PermitStore): Promise<Outcome<WxResult & Setting>> {
  const { words } = handset
  const look = { kind: 'sheet', label: words.settingsTitle, canDismiss: true } as const
  const rows = Object.entries(settingOf(permits).authSetting).map(([scope, isAllowed]) => {
    const box = make('input', { type: 'checkbox', checked: isAllowed })
    box.addEventListener('change', () => permits.set(scope, box.checked))
    return make('label', { class: 'setting-row' }, scope.replace(SCOPE, ''), box)
  })
  const body = rows.length > 0 ? rows : [make('p', { class: 'consent-text' }, words.settingsNone)]
  const dialog = openDialog(look, (close) => [
    make('h2', { class: 'sheet-title' }, words.settingsTitle),
    ...body,
    make('button', { type: 'button', class: 'sheet-row sheet-cancel', onclick: () => close() }, words.done),
  ])
  await dialog.closed
  return okay('openSetting', settingOf(permits))
}

type Subscription = WxResult & Record<string, string>

async function subscribe(parts: WxParts, ids: unknown): Promise<Outcome<Subscription>> {
  const api = 'requestSubscribeMessage'
  const { words } = parts.handset
  if (!Array.isArray(ids) || ids.length === 0) return failWith(api, "Templates count can't be 0", 20001)
  const list = make('ul', { class: 'consent-list' }, ...ids.map((id) => make('li', {}, String(id))))
  const question = {
    title: words.subscribeTitle,
    text: '',
    body: [list],
    allow: words.allow,
    refuse: words.cancel,
  }
  const isAllowed = await askConsent(parts, question)
  return okay(api, Object.fromEntries(ids.map((id) => [String(id), isAllowed ? 'accept' : 'reject'])))
}

/** What a mini program may do, and how it asks. */
export function authorizeApi(parts: WxParts, permits: PermitStore) {
  const { host } = parts
  return {
    getSetting: twoStyles<WxResult & Setting, object>(host, async () =>
      okay('getSetting', settingOf(permits)),
    ),
    openSetting: twoStyles<WxResult & Setting, object>(host, () => openSetting(parts, permits)),
    authorize: twoStyles<WxResult, { scope: string }>(host, ({ scope }) => authorize(parts, permits, scope)),
    requestSubscribeMessage: twoStyles<Subscription, { tmplIds: string[] }>(host, ({ tmplIds }) =>
      subscribe(parts, tmplIds),
    ),
  }
}
