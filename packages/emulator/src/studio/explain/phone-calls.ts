import type { ArrowKind } from '../../lib/conversation/arrow.ts'
import { type Explanation, say } from './explanation.ts'

/** What a mini program asks of its phone, by the API. */
export const PHONE_CALLS: Readonly<Partial<Record<ArrowKind, Explanation>>> = {
  'wx.login': {
    what: say(
      'The mini program asks WeChat for a login code. No dialog appears and the user notices nothing.',
      '小程序向微信要一个登录凭证 code。没有弹窗，用户毫无感觉。',
    ),
    why: say(
      'WeChat knows who holds the phone; the mini program does not, and must not be believed if it says so. The code is a ticket that only WeChat can read.',
      '手机在谁手里，微信知道，小程序不知道；小程序自己说的也不能信。code 是一张只有微信读得懂的票据。',
    ),
    without: say(
      'There are no cookies and no user id in a mini program. Without a code the server could only ask for a name and believe it.',
      '小程序里没有 Cookie，也没有用户 id。没有 code，服务器只能听凭对方自报姓名。',
    ),
  },
  'wx.checkSession': {
    what: say(
      "Asks whether WeChat's session_key of this user is still alive.",
      '询问这位用户在微信那边的 session_key 是否仍然有效。',
    ),
    why: say(
      'It matters before encrypted data of WeChat (open data) is fetched: only a living key opens it.',
      '只有在取用微信的加密数据（开放数据）之前才有意义：只有活着的密钥才能解开。',
    ),
    without: say(
      'Nothing, for the login state of your own server: that lives by its own rules. Asked before every request, it only costs time and quota.',
      '对你自己的登录态毫无影响，它有自己的有效期。每次请求前都问一遍，只会白费时间和配额。',
    ),
  },
  'wx.getUserInfo': {
    what: say(
      "Fetches WeChat's data of the user, signed and encrypted with the session_key.",
      '取得微信的用户数据，以 session_key 签名并加密。',
    ),
    why: say(
      'The mini program hands it on unread. Only the server, which has the key, can tell that it comes from WeChat.',
      '小程序原样转交。只有持有密钥的服务器，才能确认数据确实来自微信。',
    ),
    without: say(
      'Since 2022 everybody is 微信用户 with a grey picture here. Ask for name and picture by the nickname field and the avatar button.',
      '自 2022 年起，这里人人都是「微信用户」和灰色头像。昵称与头像请用昵称输入框和头像按钮获取。',
    ),
  },
  'wx.getPhoneNumber': {
    what: say(
      'The phone button: the user agreed, and WeChat gives a code for the number. It is not the login code.',
      '手机号按钮：用户点了同意，微信给出换取手机号的 code。它与登录 code 不是一回事。',
    ),
    why: say(
      'The number itself never passes through the mini program, where it could be changed.',
      '号码本身不经过小程序，因此无从篡改。',
    ),
    without: say(
      'A number typed by hand proves nothing until an SMS went there and back.',
      '手填的号码什么也证明不了，还得再发一次短信验证。',
    ),
  },
  'wx.uploadFile': {
    what: say('Sends a file of the phone to a server.', '把手机上的文件发送到服务器。'),
    why: say(
      'A chosen avatar is a temporary file on this phone. Others can see it only after it was uploaded.',
      '选好的头像只是本机的临时文件，上传之后别人才看得见。',
    ),
    without: say(
      'The address would be dead as soon as the mini program closes.',
      '小程序一关，那个地址就失效了。',
    ),
  },
  'wx.downloadFile': {
    what: say('Fetches a file from a server onto the phone.', '把服务器上的文件下载到手机。'),
    why: say(
      'Files are for the user who asks, so the login state goes along in the header.',
      '文件属于提出请求的用户，所以登录态也随头部一起发送。',
    ),
    without: say(
      'A link that needs no login can be opened by everybody who gets to know it.',
      '不需要登录的链接，谁知道谁就能打开。',
    ),
  },
}

/** A request of a mini program about which nothing else is known. */
export const ANY_REQUEST: Explanation = {
  what: say(
    'A request of the mini program to a server: business as usual.',
    '小程序向服务器发出的普通业务请求。',
  ),
  why: say(
    'The token in its header says whose request it is. WeChat adds a Referer with the appid, which the mini program cannot change.',
    '请求头里的登录态说明这是谁的请求。微信还会加上带 appid 的 Referer，小程序改不了。',
  ),
  without: say(
    'Without the token the server cannot tell one user from another.',
    '没有登录态，服务器分不清谁是谁。',
  ),
}

/** Of a server that is none of ours: it is handed a code. */
export const ANY_LOGIN: Explanation = {
  what: say('The mini program hands its code to a server.', '小程序把 code 交给服务器。'),
  why: say(
    "The server changes it at WeChat for the user's openid, and answers with a login state of its own.",
    '服务器拿它去微信换用户的 openid，再下发自己的登录态。',
  ),
  without: say('The server would not know who asks.', '服务器就不知道是谁在问。'),
}

export const ANY_ANONYMOUS_REQUEST: Explanation = {
  what: say(
    'A request of the mini program that carries no login state.',
    '小程序发出的、没有携带登录态的请求。',
  ),
  why: say(
    'It is for everybody: the server needs not know who asks.',
    '内容面向所有人，服务器无须知道是谁在问。',
  ),
  without: say(
    'If the answer is about one user, the token is missing here.',
    '如果应答与某个用户有关，这里就漏了登录态。',
  ),
}
