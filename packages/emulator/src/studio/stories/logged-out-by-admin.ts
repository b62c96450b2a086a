import { aliceIsIn } from './opening.ts'
import type { Story } from './story.ts'
import { TEXTS } from './texts.ts'

export const LOGGED_OUT_BY_ADMIN: Story = {
  id: 'logged-out-by-admin',
  mark: '令',
  title: { en: 'Logged out by an admin, and stays out', zh: '被管理员下线，并且不再自动登录' },
  teaser: {
    en: 'Silent login is convenient. It must not undo what somebody decided.',
    zh: '静默登录很方便，但不能抹掉别人的决定。',
  },
  needs: ['example', 'dev'],
  steps: [
    aliceIsIn({ en: 'alice is logged in.', zh: 'alice 登录着。' }),
    {
      say: {
        en: 'An administrator ends her session. The phone is not told; it will ask.',
        zh: '管理员结束了她的登录。没有人通知手机，它自己会来问。',
      },
      act: (stage) => stage.endSession('alice', 'admin'),
      until: [{ action: 'dev' }],
    },
    {
      say: {
        en: 'The next request is refused, with the reason. Its class is signed_out: the client forgets the token and shows the login button.',
        zh: '下一次请求被拒绝，并附上原因。类别是 signed_out：客户端丢掉登录态，显示登录按钮。',
      },
      act: async (stage) => {
        stage.comeBack(1)
        await stage.see(1, TEXTS.login)
      },
      until: [{ phone: 1, status: 401, reason: 'revoked_by_admin' }],
    },
    {
      say: {
        en: 'The mini program is closed and opened again. No wx.login goes out: it remembers that it was put out.',
        zh: '关掉小程序，再打开。没有 wx.login 发出：它记得自己是被请出去的。',
      },
      act: async (stage) => {
        await stage.restart(1)
        await stage.see(1, TEXTS.login)
      },
    },
    {
      say: {
        en: 'Only a tap of the user logs in again. Whoever must not come back at all has to be banned.',
        zh: '只有用户自己点了，才会重新登录。若根本不许再来，就要封禁。',
      },
      act: (stage) => stage.tap(1, TEXTS.login),
      until: [
        { phone: 1, path: '/login', status: 200 },
        { phone: 1, path: '/whoami', status: 200 },
      ],
    },
  ],
  conclusion: {
    en: 'Some ends are accidents and are mended silently. This one was meant, so the client respects it.',
    zh: '有些结束只是偶然，悄悄修好即可；这一次是有意为之，客户端便予以尊重。',
  },
  quotes: { phone: 1, status: 401, reason: 'revoked_by_admin' },
}
