import { aliceIsIn } from './opening.ts'
import type { Stage, Story } from './story.ts'
import { TEXTS } from './texts.ts'

/** What the classic client does when the page asks: the token it kept, and an error when that is dead. */
function classicTap(stage: Stage): Promise<unknown> {
  const { token, baseUrl } = classicOf(stage)
  return stage.wx(1).request({ url: `${baseUrl}/whoami`, header: { Authorization: `Bearer ${token}` } })
}

function classicOf(stage: Stage): { token: string; baseUrl: string; authUrl: string } {
  const { yaopai } = stage.app(1)
  return { token: yaopai.token() ?? '', baseUrl: yaopai.baseUrl, authUrl: yaopai.authUrl }
}

/** The second tap finds no token, so it logs in first. */
async function classicSecondTap(stage: Stage): Promise<void> {
  const { baseUrl, authUrl } = classicOf(stage)
  const { code } = await stage.wx(1).login()
  const { data } = await stage.wx(1).request({ url: `${authUrl}/login`, method: 'POST', data: { code } })
  const token = String(Object(data).token)
  await stage.wx(1).request({ url: `${baseUrl}/whoami`, header: { Authorization: `Bearer ${token}` } })
}

export const FIRST_TAP_FAILS: Story = {
  id: 'first-tap-fails',
  mark: '再',
  title: { en: 'The first tap fails, the second works', zh: '第一次点失败，第二次才成功' },
  teaser: {
    en: 'Why that is so in so many mini programs, and why not here.',
    zh: '为什么许多小程序都这样，而这里不会。',
  },
  needs: ['example', 'dev'],
  steps: [
    aliceIsIn({ en: 'alice is logged in. All is well.', zh: 'alice 登录着，一切安好。' }),
    {
      say: {
        en: 'Four days pass. Her session was idle for too long and has ended; the phone does not know that.',
        zh: '四天过去了。她的登录因久未使用而结束，手机却不知道。',
      },
      act: (stage) => stage.letTimePass(4 * 86_400),
      until: [{ action: 'clock.advance' }],
    },
    {
      say: {
        en: 'First the classic client. It sends the token that it kept, gets a 401, forgets the token and shows an error. The user taps again …',
        zh: '先看经典客户端：它带上存着的登录态，得到 401，于是清掉并报错。用户只好再点一次……',
      },
      act: classicTap,
      until: [{ phone: 1, path: '/whoami', status: 401 }],
    },
    {
      say: {
        en: '… and the second tap finds no token, logs in, and works. Nothing was wrong with the user, or with the network.',
        zh: '……第二次点击时没有登录态，于是先登录，就成功了。用户没错，网络也没错。',
      },
      act: classicSecondTap,
      until: [
        { phone: 1, path: '/login', status: 200 },
        { phone: 1, path: '/whoami', status: 200 },
      ],
    },
    {
      say: {
        en: 'Now the client of the example, with the same dead token. It reads on the 401 that a silent login helps, does it once, and asks again. One tap.',
        zh: '再看示例的客户端，带着同一枚失效的登录态。它从 401 上读到「静默登录即可」，登录一次，再问一遍。只点了一次。',
      },
      act: async (stage) => stage.comeBack(1),
      until: [
        { phone: 1, path: '/whoami', status: 401, reason: 'idle_timeout' },
        { phone: 1, path: '/login', status: 200 },
        { phone: 1, path: '/whoami', status: 200 },
      ],
    },
    {
      say: {
        en: "And when the login's own answer gets lost? The same code with the same nonce goes out again, and the same token comes back. WeChat is not asked twice.",
        zh: '要是登录的应答丢了呢？同一个 code 加同一个 nonce 再发一次，得到的还是同一枚登录态，也不会再去问微信。',
      },
      act: async (stage) => {
        await stage.restart(1, { wipe: true, loseFirstAnswer: true })
        await stage.see(1, TEXTS.logout)
      },
      until: [
        { phone: 1, path: '/login', outcome: 'lost' },
        { phone: 1, path: '/login', status: 200, outcome: 'ok' },
      ],
    },
  ],
  conclusion: {
    en: 'A 401 that says why lets the client act by itself. Users never see the first tap fail.',
    zh: '401 写明了原因，客户端就能自己处理，用户不会再遇到「第一次点失败」。',
  },
  quotes: { phone: 1, path: '/whoami', status: 401, reason: 'idle_timeout' },
}
