import { aliceIsIn } from './opening.ts'
import type { Story } from './story.ts'

export const DAYS_PASS: Story = {
  id: 'days-pass',
  mark: '日',
  title: { en: 'Days pass', zh: '日子过去' },
  teaser: {
    en: 'How long does a login last, and what does a user notice of its end?',
    zh: '一次登录能用多久？结束时用户会察觉什么？',
  },
  needs: ['example', 'dev'],
  steps: [
    aliceIsIn({ en: 'alice is logged in.', zh: 'alice 登录着。' }),
    {
      say: {
        en: 'Two days pass, and she comes back. The same token is good: each use moves the idle end on.',
        zh: '过了两天，她回来了。同一枚登录态仍然有效：每次使用都会把闲置期限往后推。',
      },
      act: async (stage) => {
        await stage.letTimePass(2 * 86_400)
        stage.comeBack(1)
      },
      until: [{ phone: 1, path: '/whoami', status: 200 }],
    },
    {
      say: {
        en: 'Now she stays away for four days, longer than the three that a session may be idle.',
        zh: '这次她四天没来，超过了允许闲置的三天。',
      },
      act: (stage) => stage.letTimePass(4 * 86_400),
      until: [{ action: 'clock.advance' }],
    },
    {
      say: {
        en: 'She opens it again: 401, a silent login, and the page is there. She noticed nothing. Who had found her old phone without her WeChat would be out.',
        zh: '她再次打开：401，静默登录，页面就出来了，她毫无察觉。而捡到旧手机、却没有她微信的人，就进不来了。',
      },
      act: async (stage) => stage.comeBack(1),
      until: [
        { phone: 1, path: '/whoami', status: 401, reason: 'idle_timeout' },
        { phone: 1, path: '/login', status: 200 },
        { phone: 1, path: '/whoami', status: 200 },
      ],
    },
  ],
  conclusion: {
    en: "A session lives by its own rules: three days idle, thirty in all. WeChat's session_key and wx.checkSession have no say in it.",
    zh: '登录按自己的规矩活着：闲置三天、总共三十天。微信的 session_key 和 wx.checkSession 管不着它。',
  },
  quotes: { phone: 1, path: '/whoami', status: 401, reason: 'idle_timeout' },
}
