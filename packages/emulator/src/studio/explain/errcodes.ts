import { say } from './explanation.ts'
import type { Reason } from './reasons-token.ts'

const CONFIG = say('A matter of set-up: alert the operator, never retry.', '配置问题：通知运维，不要重试。')

/** WeChat's errcodes at the login, and what a server makes of them. */
export const ERRCODES: Readonly<Record<string, Reason>> = {
  '-1': {
    what: say('WeChat is busy.', '微信系统繁忙。'),
    why: say('It may have spent the code all the same.', '即便如此，code 也可能已被用掉。'),
    cure: say('Answer 503; the client comes back with a new code.', '应答 503，让客户端带新的 code 再来。'),
  },
  '40029': {
    what: say(
      'The code is unknown, too old, or of another app.',
      'code 无效：未知、过期，或属于另一个小程序。',
    ),
    why: say(
      'By far the most frequent cause: the appid of the mini program is not that of the server.',
      '最常见的原因：小程序与服务器的 appid 不一致。',
    ),
    cure: say('A new wx.login; compare the appids.', '重新 wx.login；核对 appid。'),
  },
  '40163': {
    what: say('The code was used before.', 'code 已被使用。'),
    why: say('A double tap, a retry, or a proxy that repeats.', '连点两下、重试，或代理重发。'),
    cure: say(
      'A new wx.login. Servers that remember the nonce give the first answer again instead.',
      '重新 wx.login。记得 nonce 的服务器则会把第一次的应答再给一遍。',
    ),
  },
  '40226': {
    what: say('WeChat blocks this user: high risk.', '微信拦截：高风险用户。'),
    why: say('Its own judgement of the account.', '微信对该账号的判断。'),
    cure: say('Refuse; do not retry.', '拒绝，不重试。'),
  },
  '45011': {
    what: say("The minute's quota is used up.", '分钟限额已用完。'),
    why: say('A hundred logins a minute of one user are a loop.', '一个用户一分钟登录一百次，那是死循环。'),
    cure: say('Stop asking for a minute; look for the loop.', '停一分钟再问；找出循环。'),
  },
  '45009': {
    what: say("The day's quota is used up.", '日限额已用完。'),
    why: say('The limit is for the app as a whole.', '限额针对整个小程序。'),
    cure: say('Wait; keep tokens instead of logging in again.', '等待；保存登录态，不要反复登录。'),
  },
  '40013': {
    what: say('No such appid.', 'appid 无效。'),
    why: say('A mistyped or foreign appid.', '写错了，或是别人的。'),
    cure: CONFIG,
  },
  '40125': {
    what: say('The AppSecret is wrong.', 'AppSecret 错误。'),
    why: say('It was reset, or belongs to another app.', '已被重置，或属于别的小程序。'),
    cure: CONFIG,
  },
  '40164': {
    what: say("The server's address is not in the app's IP list.", '服务器的 IP 不在白名单里。'),
    why: say(
      'WeChat names the address that it saw: that of the way out, not of the machine.',
      '微信会报出它看到的地址：是出口地址，不是机器地址。',
    ),
    cure: CONFIG,
  },
  '40001': {
    what: say('The access_token is not the latest.', 'access_token 不是最新的。'),
    why: say('Somebody else fetched a newer one.', '别处又获取了一次。'),
    cure: say(
      'Fetch once, try once more; let one server fetch for all, or use stable_token.',
      '重新获取并再试一次；由一处统一获取，或改用 stable_token。',
    ),
  },
  '42001': {
    what: say('The access_token has expired.', 'access_token 已过期。'),
    why: say('It lives for two hours.', '它只有两小时寿命。'),
    cure: say('Fetch a new one, try once more.', '重新获取，再试一次。'),
  },
}
