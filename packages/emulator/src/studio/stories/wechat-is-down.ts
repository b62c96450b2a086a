import type { Story } from './story.ts'

export const WECHAT_IS_DOWN: Story = {
  id: 'wechat-is-down',
  mark: '断',
  title: { en: 'WeChat is down', zh: '微信宕机' },
  teaser: {
    en: 'Who is in stays in. Who comes new is told to wait.',
    zh: '已经在里面的照常，新来的请稍候。',
  },
  needs: ['example'],
  steps: [
    {
      say: { en: 'alice is logged in.', zh: 'alice 登录着。' },
      act: async (stage) => {
        stage.putAway()
        await stage.weChatIsDown(false)
        await stage.bring(1, 'alice', 'phone')
        await stage.loggedIn(1)
      },
      until: [{ phone: 1, path: '/whoami', status: 200 }],
    },
    {
      say: {
        en: 'WeChat goes down: connections to it are reset.',
        zh: '微信宕机：连过去的连接都被重置。',
      },
      act: (stage) => stage.weChatIsDown(true),
      until: [{ action: 'fault.set' }],
    },
    {
      say: {
        en: 'alice goes on as before. Her token is checked in the book of the server; WeChat is needed at logins alone.',
        zh: 'alice 一切照旧。她的登录态查服务器的账册即可，只有登录时才需要微信。',
      },
      act: async (stage) => stage.comeBack(1),
      until: [{ phone: 1, path: '/whoami', status: 200 }],
    },
    {
      say: {
        en: 'bob is new. Who he is nobody can say now, so he is not let in; but the answer says that it is worth trying again, and when.',
        zh: 'bob 是新来的。此刻没人说得清他是谁，所以不放行；但应答说明了值得再试，以及何时再试。',
      },
      act: async (stage) => {
        await stage.bring(2, 'bob', 'phone')
        await stage.restart(2, { wipe: true })
      },
      until: [{ phone: 2, path: '/login', status: 503, reason: 'wechat_unavailable' }],
    },
    {
      say: {
        en: 'WeChat is well again. A new code, and bob is in.',
        zh: '微信恢复了。换一个新 code，bob 就进来了。',
      },
      act: async (stage) => {
        await stage.weChatIsDown(false)
        await stage.loggedIn(2)
      },
      until: [{ phone: 2, path: '/login', status: 200 }],
    },
  ],
  conclusion: {
    en: 'What cannot be known is a 503, never a login and never a logout.',
    zh: '认不出来就是 503：既不放行，也不把人踢出去。',
  },
  quotes: { phone: 2, path: '/login', status: 503, reason: 'wechat_unavailable' },
}
