import { changeSessionKey, clearTrouble, endSession, letTimePass, setTrouble } from '../controls/controls.ts'
import { fetchSecrets, secrets } from '../diagram/secrets.ts'
import { setBackground, setOffline } from '../phones/phone-actions.ts'
import { addSecond, frameOf, handleOf, phones, removeSecond, takeUp } from '../phones/phones.ts'
import { appear, findByText, press } from './frame-dom.ts'
import type { ExampleApp, Stage, Wx } from './story.ts'
import { TEXTS } from './texts.ts'

function documentOf(id: number): Document {
  const page = frameOf(id)?.contentDocument
  if (!page) throw new Error(`phone ${id} is not there`)
  return page
}

function ofFrame(id: number, name: string): unknown {
  const inner = frameOf(id)?.contentWindow
  return inner ? Reflect.get(inner, name) : undefined
}

const look = (id: number, texts: readonly string[]) => findByText(documentOf(id), texts)

/** The confirming button of `wx.showModal`. */
function dialogButton(id: number): HTMLElement | undefined {
  const buttons = documentOf(id).querySelectorAll<HTMLElement>('.modal-confirm')
  return [...buttons].find((button) => button.getClientRects().length > 0)
}

async function loggedIn(id: number): Promise<void> {
  const found = await appear(
    () => look(id, TEXTS.logout) ?? look(id, TEXTS.login) ?? look(id, TEXTS.retry),
    'login',
  )
  if (TEXTS.logout.some((text) => text === found.textContent?.trim())) return
  press(found)
  await appear(() => look(id, TEXTS.logout), TEXTS.logout.join(' / '))
}

async function runs(id: number): Promise<void> {
  await appear(() => (handleOf(id)?.route() ? true : undefined), `phone ${id}`)
}

async function bring(id: 1 | 2, user: string, device: string): Promise<void> {
  const spot = phones.get().spots.find((candidate) => candidate.id === id)
  if (id === 2 && (spot?.user !== user || spot.device !== device)) addSecond(user, device)
  else if (spot?.user !== user || spot.device !== device) takeUp(id, { user, device })
  else {
    setBackground(id, false)
    setOffline(id, false)
    handleOf(id)?.restart()
  }
  await nextTurn()
  await runs(id)
}

/** The frame's own `wx`, whose request gives no promise. */
function wxOf(id: number): Wx {
  const own = ofFrame(id, 'wx') as { request(options: object): void; login(options: object): void } // as lib/wx makes it
  return {
    login: () => new Promise((success, fail) => own.login({ success, fail })),
    request: (options) => new Promise((success, fail) => own.request({ ...options, success, fail })),
  }
}

/** The page is drawn, and what was asked of the phone has begun. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 50))
}

async function restart(id: number, { wipe = false, loseFirstAnswer = false } = {}): Promise<void> {
  const phone = handleOf(id)
  if (phone === undefined) throw new Error(`phone ${id} is not there`)
  const isUp = new Promise<void>((resolve) => {
    const stop = phone.onChange(() => {
      stop()
      resolve()
    })
  })
  phone.restart({ wipe })
  await isUp
  if (loseFirstAnswer) phone.loseNextAnswer('request')
}

export const browserStage: Stage = {
  bring,
  loggedIn,
  restart,
  putAway: removeSecond,
  async tap(id, texts) {
    press(await appear(() => look(id, texts), texts.join(' / ')))
  },
  async confirm(id) {
    press(await appear(() => dialogButton(id), 'OK'))
  },
  async see(id, texts) {
    await appear(() => look(id, texts), texts.join(' / '))
  },
  comeBack(id) {
    setBackground(id, true)
    setBackground(id, false)
  },
  wx: wxOf,
  app(id) {
    const getApp = ofFrame(id, 'getApp')
    if (typeof getApp !== 'function') throw new Error(`phone ${id} runs no mini program`)
    return getApp() as ExampleApp
  },
  letTimePass,
  async endSession(user, as) {
    const answer = await endSession(user, as, 'all')
    if (!answer.ok) throw new Error(answer.message)
  },
  async rotateKey(user) {
    await changeSessionKey(user, 'rotate')
  },
  weChatIsDown: (isDown) => (isDown ? setTrouble('reset', null) : clearTrouble()),
  async secret(name) {
    await fetchSecrets()
    const value = secrets.get().byName[name.replace(/^‹|›$/g, '')]
    if (value === undefined) throw new Error(`${name} is not known`)
    return value
  },
}
