import type { Arrow } from '../../lib/conversation/arrow.ts'
import { tagsIn } from '../conversation/segments.ts'
import type { Stage, Story } from './story.ts'

function keyIn(heard: readonly Arrow[]): string {
  const texts = heard.map(({ label, message }) => `${label} ${message?.body ?? ''}`).join(' ')
  return [...tagsIn(texts)].reverse().find((tag) => tag.startsWith('‹session_key')) ?? '‹session_key 1›'
}

/** Somebody who got hold of the key tries it as a login state. */
async function tryKey(stage: Stage, heard: readonly Arrow[]): Promise<void> {
  const key = await stage.secret(keyIn(heard))
  const { authUrl } = stage.app(1).yaopai
  await stage.wx(1).request({ url: `${authUrl}/me`, header: { Authorization: `Bearer ${key}` } })
}

export const STOLEN_KEY: Story = {
  id: 'stolen-key',
  mark: '钥',
  title: { en: 'The session_key is stolen: so what?', zh: 'session_key 被偷了，会怎样？' },
  teaser: {
    en: 'In old servers the login state was made of it. What can a thief do here?',
    zh: '老式服务器用它来生成登录态。在这里，小偷能做什么？',
  },
  needs: ['example'],
  steps: [
    {
      say: {
        en: 'alice logs in on a new phone. WeChat hands the session_key to the server, from server to server; look for its name: it is on no arrow to the phone.',
        zh: 'alice 在新手机上登录。微信把 session_key 直接交给服务器；找找它的名字：通往手机的箭头上一处也没有。',
      },
      act: async (stage) => {
        stage.putAway()
        await stage.bring(1, 'alice', 'phone')
        await stage.loggedIn(1)
        await stage.restart(1, { wipe: true })
        await stage.loggedIn(1)
      },
      until: [
        { kind: 'wechat', path: '/sns/jscode2session', outcome: 'ok' },
        { phone: 1, path: '/login', status: 200 },
      ],
    },
    {
      say: {
        en: 'Suppose it leaked all the same. The thief tries it as a token. To the server it is not even one that ever was: the answer is the same as for any made-up string.',
        zh: '假设它还是泄露了。小偷拿它当登录态来试。对服务器来说它从来就不是登录态，答复与任何一串乱写的字符相同。',
      },
      act: tryKey,
      until: [{ phone: 1, path: '/me', status: 401, reason: 'invalid_token' }],
    },
    {
      say: {
        en: "So the key is changed at WeChat. From now on the stolen one opens nothing of WeChat's either.",
        zh: '于是在微信那边换掉密钥。从此偷走的那把，连微信的数据也打不开了。',
      },
      act: (stage) => stage.rotateKey('alice'),
      until: [{ action: 'session-key.rotate' }],
    },
    {
      say: {
        en: 'alice notices nothing: her token has nothing to do with the key. It is random, made of nothing.',
        zh: 'alice 毫无察觉：她的登录态与密钥毫无关系，它是随机的，不由任何东西推算而来。',
      },
      act: async (stage) => stage.comeBack(1),
      until: [{ phone: 1, path: '/whoami', status: 200 }],
    },
  ],
  conclusion: {
    en: 'Keep the session_key in the server, sealed, and make nothing of it. Then losing it costs no session.',
    zh: 'session_key 封存在服务器里，不用它推算任何东西。这样即使丢了，也丢不掉任何登录。',
  },
  quotes: { phone: 1, path: '/me', status: 401, reason: 'invalid_token' },
}
