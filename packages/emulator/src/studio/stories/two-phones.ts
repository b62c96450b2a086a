import type { Story } from './story.ts'
import { TEXTS } from './texts.ts'

export const TWO_PHONES: Story = {
  id: 'two-phones',
  mark: '双',
  title: { en: 'Two phones', zh: '两部手机' },
  teaser: {
    en: 'alice logs in on a second device. Does the first one stay in?',
    zh: 'alice 又在另一台设备上登录。先前那台会被挤下线吗？',
  },
  needs: ['example'],
  steps: [
    {
      say: {
        en: 'alice opens the mini program on her phone. It logs in by itself, and the shop knows her.',
        zh: 'alice 在手机上打开小程序。它自己完成登录，小店就认得她了。',
      },
      act: async (stage) => {
        stage.putAway()
        await stage.bring(1, 'alice', 'phone')
        await stage.loggedIn(1)
      },
      until: [{ phone: 1, path: '/whoami', status: 200 }],
    },
    {
      say: {
        en: 'Now she takes her tablet. Another device is another login: a code of its own, a token of its own.',
        zh: '她又拿起平板。另一台设备就是另一次登录：自己的 code，自己的登录态。',
      },
      act: async (stage) => {
        await stage.bring(2, 'alice', 'tablet')
        await stage.loggedIn(2)
      },
      until: [{ phone: 2, path: '/whoami', status: 200 }],
    },
    {
      say: {
        en: 'Back to the phone. The classic tutorial would have written the new token over the old one; here both are good.',
        zh: '回到手机。经典教程会用新登录态盖掉旧的；这里两枚都有效。',
      },
      act: async (stage) => stage.comeBack(1),
      until: [{ phone: 1, path: '/whoami', status: 200 }],
    },
    {
      say: {
        en: 'The phone shows where alice is logged in. Suppose she does not know the tablet.',
        zh: '手机上列出 alice 登录着的设备。假设那台平板她并不认识。',
      },
      act: (stage) => stage.tap(1, TEXTS.devices),
      until: [{ phone: 1, method: 'GET', path: '/me/sessions', status: 200 }],
    },
    {
      say: {
        en: 'One tap ends all other logins. It is written in the server before the phone hears of it.',
        zh: '点一下，其他登录全部结束。手机收到应答之前，服务器已经记下。',
      },
      act: async (stage) => {
        await stage.tap(1, TEXTS.endOthers)
        await stage.confirm(1)
      },
      until: [{ phone: 1, method: 'DELETE', path: '/me/sessions', outcome: 'ok' }],
    },
    {
      say: {
        en: 'The tablet learns of it with its next request, with the reason. It does not log in again by itself: somebody wanted it out.',
        zh: '平板在下一次请求时得知，并被告知原因。它不会自己再登录回来：有人要它离开。',
      },
      act: async (stage) => {
        stage.comeBack(2)
        await stage.see(2, TEXTS.login)
      },
      until: [{ phone: 2, reason: 'revoked_by_user' }],
    },
  ],
  conclusion: {
    en: 'One login, one session, one token. They live side by side, and each can be ended by itself.',
    zh: '一次登录、一个会话、一枚登录态。它们并存，也可以逐个结束。',
  },
  quotes: { phone: 2, status: 401, reason: 'revoked_by_user' },
}
