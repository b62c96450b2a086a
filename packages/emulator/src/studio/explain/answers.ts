import { type Explanation, say } from './explanation.ts'

/** Good answers, by the call that they are for: an API's name, or method and path. */
export const GOOD_ANSWERS: Readonly<Record<string, Explanation>> = {
  'wx.login': {
    what: say(
      'WeChat gives a code: good for five minutes, for one use, for this app.',
      '微信给出 code：五分钟内有效，只能用一次，只属于这个小程序。',
    ),
    why: say(
      'It is of no use to a thief without the AppSecret, so it may pass through the phone.',
      '没有 AppSecret，偷了也没用，所以可以放心经过手机。',
    ),
    without: say('There is nothing to hand to the server.', '就没有东西可以交给服务器。'),
  },
  'wx.checkSession': {
    what: say(
      'The session_key of the last login on this phone is alive.',
      '这部手机上次登录得到的 session_key 仍然有效。',
    ),
    why: say('Encrypted data can be fetched without a new login.', '不必重新登录就能取加密数据。'),
    without: say(
      'Not more than that: it says nothing about your own session.',
      '仅此而已，它与你自己的登录态无关。',
    ),
  },
  'POST /login': {
    what: say(
      'The token: the badge of this login. Random, and it says nothing about the user.',
      '登录态：这次登录的腰牌。它是随机的，不含任何用户信息。',
    ),
    why: say(
      'From now on it stands for the user. The book that says for whom is in the server, which keeps nothing but its hash.',
      '从此由它代表用户。它代表谁，写在服务器的账册里；服务器自己也只保存它的摘要。',
    ),
    without: say(
      'Were the openid or session_key handed out instead, whoever saw them once could be that user for good.',
      '若改为下发 openid 或 session_key，谁看到一次，谁就能一直冒充这位用户。',
    ),
  },
  '/sns/jscode2session': {
    what: say(
      'WeChat names the user (openid, perhaps unionid) and gives the session_key.',
      '微信告知用户是谁（openid，也许还有 unionid），并给出 session_key。',
    ),
    why: say(
      'The openid is always the same for this user in this app, so it ties the login to the account. The session_key stays here, sealed.',
      '同一用户在同一小程序里 openid 永远不变，凭它找到账号。session_key 封存在这里，不再外传。',
    ),
    without: say(
      'A session_key that reaches the phone lets its holder forge signed data of WeChat.',
      'session_key 一旦到了手机上，拿到它的人就能伪造微信签名的数据。',
    ),
  },
  'POST /verify': {
    what: say('The identity server names the user.', '认证服务说出了用户是谁。'),
    why: say('With that the back end does its own work.', '后端据此去做自己的业务。'),
    without: say(
      'The back end would have to answer 503: never let somebody in because nobody could be asked.',
      '后端就应当回 503：绝不能因为问不到就放人进来。',
    ),
  },
  'POST /session/renew': {
    what: say(
      'The next token. The old one stays good until this one is first used.',
      '下一枚登录态。新的启用之前，旧的一直有效。',
    ),
    why: say(
      'The client stores it first and uses it then: it can be stopped at any moment and loses nothing.',
      '客户端先存好再启用，任何时候中断都不会丢。',
    ),
    without: say('Asked again, the server gives the same one.', '再问一次，得到的还是同一枚。'),
  },
  'DELETE /session': {
    what: say('It is over: the session has ended in the server.', '已经结束：服务器上的登录终止了。'),
    why: say('Who uses the token from now on hears logged_out.', '此后再用这枚登录态，会得到 logged_out。'),
    without: say('The phone would not know whether the logout counts.', '手机就不知道退出是否生效。'),
  },
}

export const ANY_GOOD_ANSWER: Explanation = {
  what: say('The answer: it went well.', '应答：一切顺利。'),
  why: say('The server knew who asked, or needed not know.', '服务器知道是谁在问，或者无须知道。'),
  without: say(
    'The mini program would wait until its time-out and not know whether it was done.',
    '小程序会一直等到超时，也不知道事情办成没有。',
  ),
}

/** Of a server that is none of ours. */
export const ANY_LOGIN_ANSWER: Explanation = {
  what: say('The server lets the user in.', '服务器让用户登录了。'),
  why: say(
    'What it hands out here is its own login state, for the next requests to carry.',
    '它在这里下发自己的登录态，后续请求凭它说明身份。',
  ),
  without: say(
    'The next request would need a login of its own: a code is good for one use.',
    '下一个请求又得重新登录：code 只能用一次。',
  ),
}

export const LEAKED_KEY: Explanation = {
  what: say('The answer brings the session_key to the phone.', '应答把 session_key 带到了手机上。'),
  why: say(
    'Perhaps the whole answer of WeChat was passed on. The mini program needs nothing of it.',
    '也许是把微信的应答原样转发了。小程序根本用不到它。',
  ),
  without: say(
    'Without it nobody could forge signed data of WeChat: whoever holds this phone can read the key, and sign or encrypt with it.',
    '不发下来，就没人能伪造微信签名的数据；现在拿着这部手机的人能读到密钥，用它签名、加密。',
  ),
  cure: say(
    'Keep it in the server. Answer with a random token that stands for the login.',
    '把它留在服务器上，只返回一枚代表登录的随机登录态。',
  ),
}

export const LOST_ANSWER: Explanation = {
  what: say(
    'The answer was sent, and never arrived. The server has done its work.',
    '应答已经发出，却没有到达。服务器的活已经干完了。',
  ),
  why: say(
    'In lifts and tunnels this happens daily. The phone sees a network that failed and cannot know more.',
    '电梯和隧道里天天如此。手机只看到网络失败，别的无从知道。',
  ),
  without: say(
    'Whoever never tries this learns of it from angry users.',
    '从不演练这一幕的人，会从愤怒的用户那里学到。',
  ),
  cure: say(
    'Ask again in a way that cannot do it twice: a login with the same code and nonce, a renewal with the old token, a read at any time. What writes is not repeated silently.',
    '用不会做两遍的方式再问一次：登录用同一个 code 和 nonce，续期用旧登录态，读取随时可以。会写入的请求不要悄悄重发。',
  ),
}

export const BUSINESS_401: Explanation = {
  what: say(
    'A 401 without a reason of the identity server: the back end speaks for itself.',
    '没有附带认证服务原因的 401：这是后端自己的判断。',
  ),
  why: say(
    'It may be about a password or a shared link, and has nothing to do with the login state.',
    '可能是口令或分享链接的问题，与登录态无关。',
  ),
  without: say(
    'A client that took every 401 for the end of the login would log out users who are in.',
    '若把每个 401 都当作登录失效，就会把好好登录着的用户踢出去。',
  ),
  cure: say('The page shows it. The login stays as it is.', '由页面提示即可，登录态保持不变。'),
}

export const ANY_REFUSAL: Explanation = {
  what: say('The server refused.', '服务器拒绝了。'),
  why: say(
    'The status says of which kind: 4xx is about the request, 5xx about the server.',
    '状态码说明是哪一类：4xx 是请求的问题，5xx 是服务器的问题。',
  ),
  without: say('A refusal without a reason has to be guessed at.', '没有原因的拒绝只能靠猜。'),
}

export const ANY_FAILURE: Explanation = {
  what: say('It failed on the way: no answer that could be understood.', '中途失败：没有得到能看懂的应答。'),
  why: say(
    'A network, a proxy or a server that is down. It says nothing about the login.',
    '可能是网络、代理，或服务器宕机。这与登录是否有效无关。',
  ),
  without: say(
    'A client that logs out on a failure logs out everybody whenever the network blinks.',
    '若一失败就退出登录，网络一抖，所有人都被踢下线。',
  ),
  cure: say('Keep the token, tell the user, try again later.', '保留登录态，告诉用户，稍后再试。'),
}
