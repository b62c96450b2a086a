import { aliceIsIn } from './opening.ts'
import type { Stage, Story } from './story.ts'
import type { Wanted } from './wanted.ts'

const TEN = Array.from({ length: 10 })

function askTenTimes(stage: Stage): Promise<unknown> {
  return Promise.all(TEN.map(() => stage.app(1).shop.whoami()))
}

const TEN_ANSWERS = TEN.map((): Wanted => ({ phone: 1, path: '/whoami', status: 200 }))

export const TEN_REQUESTS: Story = {
  id: 'ten-requests',
  mark: '十',
  title: { en: 'Ten requests at once', zh: '十个请求同时发出' },
  teaser: {
    en: 'A page asks for ten things and the session is dead. Ten logins?',
    zh: '页面一下子要十样东西，而登录已失效。要登录十次吗？',
  },
  needs: ['example', 'dev'],
  steps: [
    aliceIsIn({ en: 'alice is logged in.', zh: 'alice 登录着。' }),
    {
      say: { en: 'Four days pass, and her session ends.', zh: '四天过去，她的登录到期。' },
      act: (stage) => stage.letTimePass(4 * 86_400),
      until: [{ action: 'clock.advance' }],
    },
    {
      say: {
        en: 'Ten requests leave at the same time, as WeChat allows. All come back as 401. One login goes out, all ten wait for it, and all ten are sent again.',
        zh: '十个请求同时发出，正好是微信的上限，全部得到 401。只有一次登录发出，十个都等它，然后全部重发。',
      },
      act: askTenTimes,
      until: [
        { phone: 1, path: '/whoami', status: 401, reason: 'idle_timeout' },
        { phone: 1, kind: 'wx.login', outcome: 'ok' },
        { phone: 1, path: '/login', status: 200 },
        ...TEN_ANSWERS,
      ],
    },
  ],
  conclusion: {
    en: 'Ten answers, one wx.login, one POST /login. A client that logs in per 401 makes ten, and the last one throws out the other nine.',
    zh: '十个应答，一次 wx.login，一次 POST /login。每个 401 各登录一次的客户端会登录十次，最后一次还把前九次顶掉。',
  },
  quotes: { phone: 1, path: '/whoami', status: 401, reason: 'idle_timeout' },
}
