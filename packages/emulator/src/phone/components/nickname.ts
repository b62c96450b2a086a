import { make } from './core/element.ts'
import type { AnySelf } from './core/self.ts'

const WORDS = {
  zh: { title: '使用微信昵称' },
  en: { title: 'Use your WeChat nickname' },
}

/** The bar above a phone's keyboard, with the nickname to take over. Pressing it leaves the field in focus. */
function bar(self: AnySelf, take: (nickname: string) => void): HTMLElement {
  const element = make('div', 'wx-nickname-bar')
  const label = make('span')
  label.textContent = WORDS[self.phone.language].title
  const nickname = self.phone.nickname()
  const choice = make('button', '', { type: 'button' })
  choice.textContent = nickname
  element.addEventListener('pointerdown', (event) => event.preventDefault())
  choice.addEventListener('click', () => take(nickname))
  element.append(label, choice)
  return element
}

/** `type="nickname"`: offers the nickname, and tells after the field is left that WeChat has let the name pass. */
export function offerNickname(self: AnySelf, control: HTMLInputElement): void {
  let shown: HTMLElement | undefined
  const isNickname = () => self.data['type'] === 'nickname'
  const end = () => {
    shown?.remove()
    shown = undefined
  }
  control.addEventListener('focus', () => {
    if (!isNickname() || shown !== undefined) return
    shown = bar(self, (nickname) => {
      control.value = nickname
      control.dispatchEvent(new Event('input'))
      control.blur()
    })
    self.phone.overlay.append(shown)
  })
  control.addEventListener('blur', () => {
    end()
    if (isNickname()) self.emit('nicknamereview', { pass: true, timeout: false })
  })
  self.detached(end)
}
