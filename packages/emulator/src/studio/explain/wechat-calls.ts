import { type Explanation, say } from './explanation.ts'

/** What servers ask of WeChat, by path. */
export const WECHAT_CALLS: Readonly<Record<string, Explanation>> = {
  '/sns/jscode2session': {
    what: say(
      "The server changes the code for the user's openid and session_key, with the AppSecret.",
      '服务器凭 AppSecret 用 code 换取用户的 openid 和 session_key。',
    ),
    why: say(
      'Only here it becomes known who it is. From server to server, because the AppSecret must never be in a mini program.',
      '直到这一步才知道来者是谁。必须由服务器来做，因为 AppSecret 绝不能出现在小程序里。',
    ),
    without: say(
      'The code is a sealed letter: without WeChat nobody can read it. It opens once, for five minutes, for this appid alone.',
      'code 是一封密封的信，离开微信谁也读不懂；五分钟内有效，只能拆一次，只认这个 appid。',
    ),
  },
  '/cgi-bin/token': {
    what: say("The server fetches the app's access_token.", '服务器获取小程序的 access_token。'),
    why: say(
      'WeChat wants it in calls for the app as a whole, such as the one for phone numbers.',
      '以小程序身份调用接口（例如取手机号）时，微信要求出示它。',
    ),
    without: say(
      "Two servers that fetch it independently make each other's invalid; stable_token does not.",
      '两台服务器各取各的，会互相作废；用 stable_token 就不会。',
    ),
  },
  '/cgi-bin/stable_token': {
    what: say(
      "The server fetches the app's access_token, the stable kind.",
      '服务器获取稳定版 access_token。',
    ),
    why: say(
      'Asked twice it gives the same token, so several servers do not disturb each other.',
      '多次获取得到同一枚，多台服务器互不干扰。',
    ),
    without: say(
      'Calls for the app as a whole, phone numbers among them, are refused with 40001 or 41001.',
      '以小程序身份的调用（包括取手机号）会被 40001 或 41001 拒绝。',
    ),
  },
  '/wxa/business/getuserphonenumber': {
    what: say(
      "The server changes the phone button's code for the number.",
      '服务器用手机号按钮的 code 换取号码。',
    ),
    why: say('So the number comes from WeChat and not from the phone.', '这样号码来自微信，而不是来自手机。'),
    without: say(
      'Encrypted phone data needs a session_key that may be stale by then; the code does not.',
      '老的加密数据方式依赖 session_key，届时可能已过期；code 没有这个问题。',
    ),
  },
  '/wxa/checksession': {
    what: say(
      'The server asks whether the session_key that it holds is good.',
      '服务器询问自己手里的 session_key 是否有效。',
    ),
    why: say(
      'wx.checkSession tells of the key of the phone; this tells of the one in the server.',
      'wx.checkSession 说的是手机那把，这里问的是服务器手里那把。',
    ),
    without: say(
      'Nothing breaks: trying the newest keys does the same without a question.',
      '不问也无妨：依次试最近几把，效果一样。',
    ),
  },
  '/wxa/resetusersessionkey': {
    what: say('The server has the session_key replaced.', '服务器要求重置 session_key。'),
    why: say('After a leak the old key opens nothing any more.', '泄露之后，让旧钥匙再也打不开任何东西。'),
    without: say('It would live on until WeChat changes it by itself.', '它会一直有效，直到微信自行更换。'),
  },
}

export const ANY_WECHAT_CALL: Explanation = {
  what: say("A server calls one of WeChat's interfaces.", '服务器调用微信的接口。'),
  why: say(
    'It stands in the conversation because it went to the emulator in the place of WeChat.',
    '它本要去找微信，由模拟器代为应答，因此出现在对话里。',
  ),
  without: say("What depends on WeChat's answer would have to do without.", '依赖这个应答的功能就无从进行。'),
}
