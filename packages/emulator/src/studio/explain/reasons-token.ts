import type { Text } from '../words/text.ts'
import { say } from './explanation.ts'

export interface Reason {
  what: Text
  why: Text
  cure: Text
}

const RELOGIN = say(
  'The client logs in silently, once, and sends the request again if that is safe. Nobody notices.',
  '客户端静默登录一次，安全的话再发一遍请求，用户毫无察觉。',
)
const STAY_OUT = say(
  'Forget the token, show a login button, and stay out until the user taps it, also after a restart: a silent login would undo what somebody did on purpose.',
  '丢掉登录态，显示登录按钮，等用户自己点，重启之后也一样：静默登录会抹掉别人有意做的事。',
)

/** Reasons that concern a token: told for 30 days to who holds the very token. */
export const TOKEN_REASONS: Readonly<Record<string, Reason>> = {
  missing_token: {
    what: say('No token was sent.', '请求没有携带登录态。'),
    why: say(
      'The request went out before the login was done, or a proxy dropped the Authorization header.',
      '登录还没完成就发了请求，或者代理把 Authorization 头丢了。',
    ),
    cure: say(
      'Wait for the login, send Authorization: Bearer …; let the proxy hand the header on.',
      '等登录完成，带上 Authorization: Bearer …；让代理转发这个头。',
    ),
  },
  invalid_token: {
    what: say(
      'The token is not valid: altered, of another server, or forgotten long ago.',
      '登录态无效：被改动过、属于另一台服务器，或早已被遗忘。',
    ),
    why: say(
      'To strangers every bad token gets this same answer, so that nobody can find out more by guessing.',
      '对陌生人，一切坏登录态都是这同一个答复，靠猜打听不出任何东西。',
    ),
    cure: RELOGIN,
  },
  expired: {
    what: say(
      'The session has reached its absolute end, 30 days after the login.',
      '登录到了绝对期限：登录后 30 天。',
    ),
    why: say(
      'Nothing extends it: even a stolen token ends some day.',
      '什么也延长不了它：即使被偷，也总有尽头。',
    ),
    cure: RELOGIN,
  },
  idle_timeout: {
    what: say('The session was not used for three days.', '登录三天没有使用。'),
    why: say(
      'Who comes back logs in without noticing; who found an old phone does not.',
      '本人回来会无感登录；捡到旧手机的人却不会。',
    ),
    cure: RELOGIN,
  },
  replaced: {
    what: say(
      'A newer login took the place of this one: of the same device, or because there were too many.',
      '已被更新的登录取代：同一台设备重新登录，或登录数超出上限。',
    ),
    why: say('One installation is one line in the list of devices.', '一次安装在设备列表里只占一行。'),
    cure: say(
      'Use the newer token where there is one, else log in silently. Device ids that are the same on all phones do this too.',
      '有更新的就用更新的，否则静默登录。若所有手机的 device.id 都一样，也会如此。',
    ),
  },
  logged_out: {
    what: say('The user logged out with this token.', '用户用这枚登录态退出了登录。'),
    why: say('A copy of it, on whatever phone, is dead too.', '无论在哪部手机上，它的副本也都失效了。'),
    cure: STAY_OUT,
  },
  revoked_by_user: {
    what: say('The user ended this login from another device.', '用户从另一台设备结束了这次登录。'),
    why: say(
      'Perhaps this phone was lost. It must not come back by itself.',
      '也许这部手机丢了，它不能自己再登录回来。',
    ),
    cure: STAY_OUT,
  },
  revoked_by_admin: {
    what: say('An administrator ended this login.', '管理员结束了这次登录。'),
    why: say(
      'Somebody decided that; the client is told so, and stays out.',
      '这是有人决定的；客户端得知原因，并且不再自动登录。',
    ),
    cure: say(
      `${STAY_OUT.en} Who must not come back at all has to be banned.`,
      `${STAY_OUT.zh}若根本不许再来，需要封禁。`,
    ),
  },
  reuse_detected: {
    what: say(
      'An old token was used after its successor: there are two holders.',
      '后继启用之后，旧登录态又被使用：有两个人拿着它。',
    ),
    why: say(
      'Nobody can tell the thief from the owner, so the session ended for both.',
      '分不清谁是小偷谁是主人，所以两边都结束了。',
    ),
    cure: say(
      `${STAY_OUT.en} If it is frequent, look for a client that keeps old tokens.`,
      `${STAY_OUT.zh}若经常发生，查一查哪里还留着旧登录态。`,
    ),
  },
  user_deleted: {
    what: say('The account was closed.', '账号已注销。'),
    why: say('All its sessions ended with it.', '它的全部登录也随之结束。'),
    cure: say(
      'Stay out until the user asks. A new login makes a new user.',
      '等用户自己点登录；重新登录会是一个新用户。',
    ),
  },
  banned: {
    what: say('The user is banned.', '用户已被封禁。'),
    why: say(
      'It counts at once, for living tokens and for new logins.',
      '立即生效，已有的登录态和新的登录都一样。',
    ),
    cure: say(
      'Show it; trying again changes nothing. Lifted, the session lives on.',
      '如实告知，再试也没用。解封之后，登录继续有效。',
    ),
  },
  app_disabled: {
    what: say('The mini program is frozen.', '小程序已被停用。'),
    why: say(
      'The operator closed it, or took it out of the configuration.',
      '运维停用了它，或把它移出了配置。',
    ),
    cure: say(
      'Show that the service is closed. Operators: "frozen": false.',
      '提示服务暂停。运维：设 "frozen": false。',
    ),
  },
  reauth_required: {
    what: say('This step needs a fresh login.', '这一步需要刚刚登录过。'),
    why: say('Closing an account takes a login younger than five minutes.', '注销账号要求五分钟以内的登录。'),
    cure: say('Log in, then call again with the new token.', '先登录，再用新的登录态重试。'),
  },
  insufficient_scope: {
    what: say("The back end's API key may not do this.", '后端的 API key 权限不足。'),
    why: say('Each key has only the scopes it was given.', '每把 key 只有授予它的权限。'),
    cure: say('Give the key the scope that the answer names.', '给这把 key 加上应答里指出的权限。'),
  },
}
