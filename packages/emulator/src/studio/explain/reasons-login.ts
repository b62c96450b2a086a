import { say } from './explanation.ts'
import type { Reason } from './reasons-token.ts'

/** Reasons that concern a login, a call, or the server itself. */
export const LOGIN_REASONS: Readonly<Record<string, Reason>> = {
  code_invalid: {
    what: say('WeChat does not know this code (40029).', '微信不认这个 code（40029）。'),
    why: say(
      "It was made up, is older than five minutes, or is another app's.",
      '编造的、超过五分钟的，或属于另一个小程序。',
    ),
    cure: say(
      'Call wx.login again and send the code at once. If all logins fail so, the two appids differ.',
      '重新 wx.login，拿到就立刻发送。若全都如此，说明两边的 appid 不一致。',
    ),
  },
  code_used: {
    what: say('This code was used before (40163).', '这个 code 已经用过（40163）。'),
    why: say(
      'A code makes one login, ever. A second use with another nonce is somebody else, or a proxy that repeats.',
      '一个 code 只换一次登录。带着别的 nonce 再来的，要么是别人，要么是代理在重发。',
    ),
    cure: say('Call wx.login again; never keep a code.', '重新 wx.login；不要保存 code。'),
  },
  login_blocked: {
    what: say('WeChat blocked this login (40226).', '微信拦截了这次登录（40226）。'),
    why: say('It takes the user for a high risk.', '微信判定该用户风险高。'),
    cure: say('Say so to the user; do not try again.', '如实告知用户，不要重试。'),
  },
  rate_limited: {
    what: say('Too many requests.', '请求过于频繁。'),
    why: say(
      'A limit by address keeps one noisy caller from harming all.',
      '按来源限速，免得一个人拖累所有人。',
    ),
    cure: say(
      'Wait for Retry-After. If all users share one address in the log, TRUST_PROXY is missing.',
      '按 Retry-After 等待。若日志里所有用户都是同一个地址，说明缺了 TRUST_PROXY。',
    ),
  },
  wechat_unavailable: {
    what: say(
      'WeChat was slow, down, or something else answered in its place.',
      '微信太慢、宕机，或别的东西冒充它应答。',
    ),
    why: say(
      'The server fails closed: who cannot be known is not let in. Living sessions are not touched.',
      '服务器宁可拒绝：认不出就不放行。已有的登录不受影响。',
    ),
    cure: say(
      'Wait for Retry-After, then a new wx.login: the old code may be spent.',
      '按 Retry-After 等待，再重新 wx.login：旧的 code 可能已用掉。',
    ),
  },
  wechat_quota: {
    what: say(
      "WeChat's limit for this app or user is reached (45011, 45009).",
      '微信对该小程序或用户的限额已用尽（45011、45009）。',
    ),
    why: say(
      'Usually a client logs in in a loop instead of keeping its token.',
      '多半是客户端在循环登录，而没有保存登录态。',
    ),
    cure: say('Wait for Retry-After; keep tokens.', '按 Retry-After 等待；保存好登录态。'),
  },
  wechat_misconfigured: {
    what: say(
      'WeChat refused the server: appid, AppSecret or IP list (40013, 40125, 40164).',
      '微信拒绝了服务器：appid、AppSecret 或 IP 名单有误（40013、40125、40164）。',
    ),
    why: say('No user can do anything about it.', '用户对此无能为力。'),
    cure: say(
      'One line in the log of the server names the setting and the cure.',
      '服务器日志里有一行写明是哪个设置、怎么改。',
    ),
  },
  store_unavailable: {
    what: say('The database cannot be reached.', '数据库暂时不可用。'),
    why: say(
      'Nobody is let in by it and nobody is logged out: the book is closed for a moment.',
      '没有人因此进来，也没有人因此退出：账册只是暂时合上了。',
    ),
    cure: say('Keep the token, wait for Retry-After.', '保留登录态，按 Retry-After 等待。'),
  },
  internal: {
    what: say('A fault in the server.', '服务器内部错误。'),
    why: say(
      'Nothing of it is told to the client; the log has the request id.',
      '细节不对外透露，日志里有请求编号。',
    ),
    cure: say('Keep the token, wait, report the request id.', '保留登录态，稍后再试，报告请求编号。'),
  },
  session_key_stale: {
    what: say('No kept session_key opens the data.', '没有可用的 session_key 能解开数据。'),
    why: say(
      'wx.login came after the data was encrypted, so the key had changed in between.',
      '数据加密之后又 wx.login，钥匙换过了。',
    ),
    cure: say(
      'Log in first, fetch the data again, send it once: in this order.',
      '先登录，再重新取数据，只发一次：顺序不能反。',
    ),
  },
  conflict: {
    what: say('The same data came a second time.', '同样的数据来了第二次。'),
    why: say('What was intercepted must not work again.', '被截获的数据不能再用一次。'),
    cure: say('Fetch fresh data from WeChat.', '从微信重新获取。'),
  },
  unknown_app: {
    what: say('The server knows no such app.', '服务器没有配置这个小程序。'),
    why: say("The login's appid is none of its own.", '登录所带的 appid 不在其中。'),
    cure: say(
      'Compare with project.config.json; set WECHAT_APPID.',
      '对照 project.config.json，设置 WECHAT_APPID。',
    ),
  },
  app_mismatch: {
    what: say('The request comes from another app than the login says.', '请求来自另一个小程序。'),
    why: say(
      'WeChat writes the appid into the Referer. The code would be lost at WeChat.',
      '微信把 appid 写在 Referer 里。这样的 code 送到微信也是白费。',
    ),
    cure: say('Use one appid in both places.', '两处使用同一个 appid。'),
  },
  invalid_request: {
    what: say('The request does not fit.', '请求不符合要求。'),
    why: say('`field` names what is wrong; nothing was written.', '`field` 指出哪里不对；没有写入任何东西。'),
    cure: say('Correct the call.', '修改调用方的代码。'),
  },
  not_found: {
    what: say('There is nothing at this path.', '这个路径下没有东西。'),
    why: say('Public and internal listener have different routes.', '对外与对内的监听端口路由不同。'),
    cure: say(
      'Compare path and port: authUrl has to be the public listener.',
      '核对路径与端口：authUrl 应是对外端口。',
    ),
  },
}
