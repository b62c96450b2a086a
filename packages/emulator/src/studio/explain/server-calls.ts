import { type Explanation, say } from './explanation.ts'

/** What mini programs and back ends ask of an identity server, by method and path; `*` is one segment. */
export const SERVER_CALLS: Readonly<Record<string, Explanation>> = {
  'POST /login': {
    what: say(
      'The mini program hands its code to the server, with a nonce that only this client knows.',
      '小程序把 code 交给服务器，并附上只有本机知道的随机数 nonce。',
    ),
    why: say(
      'The server changes the code at WeChat for the openid. The nonce lets this very client ask again if the answer gets lost.',
      '服务器拿 code 去微信换 openid。有了 nonce，应答若在途中丢失，同一台手机可以原样再问一次。',
    ),
    without: say(
      'Without a nonce a lost answer is a spent code: the user would see the first tap fail and the second work.',
      '没有 nonce，应答一丢，code 就白白用掉了：用户会看到第一次点击失败、第二次才成功。',
    ),
  },
  'GET /login': {
    what: say(
      "The classic tutorial's login: the code stands in the URL.",
      '经典教程的登录方式：code 写在网址里。',
    ),
    why: say(
      'Old clients speak like this. It is served where classicLogin is on.',
      '老客户端就是这样说话的。只有打开 classicLogin 才提供。',
    ),
    without: say(
      'New clients use POST /login: URLs end up in logs, bodies do not.',
      '新客户端请用 POST /login：网址会留在日志里，正文不会。',
    ),
  },
  'GET /session': {
    what: say(
      'Asks whether the login state still holds, and whose it is.',
      '询问登录态是否仍然有效、属于谁。',
    ),
    why: say(
      'The server decides, by its own book. The client only holds the badge.',
      '由服务器查自己的账册来定，客户端只是持牌人。',
    ),
    without: say(
      'A client that judges by itself keeps out users who are in, and lets in those who were put out.',
      '若由客户端自行判断，该进的进不来，已被请出去的却还留着。',
    ),
  },
  'POST /session/renew': {
    what: say(
      'Changes the token for the next one. The session stays the same.',
      '用旧登录态换下一枚，登录本身不变。',
    ),
    why: say(
      'A session lasts for weeks; what could be stolen should not. The old token stays good until the new one is used, so nothing is lost if the answer is.',
      '一次登录可持续数周，可能被偷的东西却不该用那么久。新的启用之前旧的一直有效，应答丢了也无妨。',
    ),
    without: say(
      'A stolen token would work until the session ends, and nobody would notice.',
      '被偷走的登录态会一直管用到登录结束，而且无人察觉。',
    ),
  },
  'DELETE /session': {
    what: say('The user logs out.', '用户退出登录。'),
    why: say(
      'The end is written in the server: from the answer on the token is dead everywhere.',
      '结束写在服务器上：从应答那一刻起，这枚登录态在任何地方都失效。',
    ),
    without: say(
      'A token that is only erased from the phone lives on in every copy.',
      '只在手机上删掉，所有副本都还活着。',
    ),
  },
  'GET /me': {
    what: say('Asks for the own profile.', '获取自己的资料。'),
    why: say(
      'Name and picture are kept by your server, since WeChat no longer gives them.',
      '微信不再提供昵称和头像，所以由你的服务器保存。',
    ),
    without: say('Everybody would be 微信用户.', '人人都是「微信用户」。'),
  },
  'PATCH /me': {
    what: say('Changes name or picture.', '修改昵称或头像。'),
    why: say(
      'The token says whose; a user id in the body would be believed by nobody.',
      '改谁的由登录态说了算；正文里写的用户 id 没人会信。',
    ),
    without: say('Anybody could rename anybody.', '谁都能改别人的名字。'),
  },
  'DELETE /me': {
    what: say('The user closes the account.', '用户注销账号。'),
    why: say(
      'It needs a login younger than five minutes, so that a phone left on the table is not enough.',
      '需要五分钟以内的新登录：仅仅捡到一部放在桌上的手机，是注销不了的。',
    ),
    without: say('Data would stay of people who asked to be forgotten.', '要求被遗忘的人，数据却还留着。'),
  },
  'GET /me/sessions': {
    what: say('Lists where this user is logged in.', '列出这位用户在哪些设备上登录着。'),
    why: say(
      'Each login is a session of its own, so each can be shown, and ended, by itself.',
      '每次登录都是独立的，所以能逐个查看、逐个结束。',
    ),
    without: say(
      'With one token per user nobody could say where it lives, and a second phone would throw out the first.',
      '若一人只有一枚登录态，就说不清它在哪台设备上；第二部手机还会把第一部挤下线。',
    ),
  },
  'DELETE /me/sessions/*': {
    what: say('The user ends one of their other logins.', '用户让自己的另一台设备下线。'),
    why: say('A lost phone is put out from the one at hand.', '手机丢了，用手边这部让它下线。'),
    without: say(
      'The finder stays in until the session ends by itself.',
      '捡到的人会一直登录着，直到自然到期。',
    ),
  },
  'DELETE /me/sessions': {
    what: say('The user ends all their other logins.', '用户让其他设备全部下线。'),
    why: say('The quickest answer to: was that me?', '遇到「那是我吗？」时最快的办法。'),
    without: say(
      'One would have to end them one by one, hoping to know them all.',
      '只能一台一台来，还得都认得出。',
    ),
  },
  'GET /me/events': {
    what: say("Reads the history of the user's own account.", '查看自己账号的登录记录。'),
    why: say(
      'What happened is kept with its reason, so that people can see it without asking support.',
      '发生过的事连同原因都记着，用户自己就能看，不必找客服。',
    ),
    without: say('"Why was I logged out?" would stay a riddle.', '「我为什么被退出了？」就成了谜。'),
  },
  'POST /me/phone': {
    what: say("Hands over the phone button's code.", '提交手机号按钮给出的 code。'),
    why: say(
      'The server changes it at WeChat for the number: so it is one that WeChat has checked.',
      '服务器拿它去微信换号码，因此是微信验证过的。',
    ),
    without: say('A number from the phone itself could be any number.', '手机自己报的号码，可以是任何号码。'),
  },
  'POST /me/open-data': {
    what: say('Hands over encrypted or signed data of WeChat.', '提交微信的加密或签名数据。'),
    why: say(
      'The server opens it with the session_key, and tries the newest three: the key may have changed on the way.',
      '服务器用 session_key 解开，最近三把都会试：途中可能已经换过钥匙。',
    ),
    without: say(
      'Decryption would fail now and then for no visible reason, the classic one per cent.',
      '时不时无缘无故解密失败，就是那经典的百分之一。',
    ),
  },
  'POST /verify': {
    what: say(
      'A back end asks the identity server whose token this is.',
      '后端问认证服务：这枚登录态是谁的？',
    ),
    why: say(
      'The token says nothing to whoever finds it; the book is in one place. A refusal comes with its reason, which the back end hands on word for word.',
      '登录态本身什么也不透露，账册只有一本。若被拒绝，原因会一并给出，由后端原样转交。',
    ),
    without: say(
      'Every back end would keep its own list of users, and none would hear of a logout.',
      '每个后端各记一本账，谁也不知道用户已经退出。',
    ),
  },
  'POST /introspect': {
    what: say(
      'A back end asks in the standard way (RFC 7662) whether a token is good.',
      '后端按标准（RFC 7662）询问登录态是否有效。',
    ),
    why: say(
      'Any gateway and framework that knows the standard can ask without knowing Yaopai.',
      '懂这套标准的网关和框架无须了解腰牌也能询问。',
    ),
    without: say('Everyone would need a plug-in of ours.', '人人都得装我们的插件。'),
  },
  'GET /forward-auth': {
    what: say('A gateway asks before it lets a request through.', '网关放行之前先来询问。'),
    why: say(
      'The back end behind it gets the user in a header, and needs no code for that.',
      '后面的后端从头部得知用户是谁，自己一行代码也不用写。',
    ),
    without: say(
      'Every back end would have to ask for itself, and one would forget it.',
      '每个后端都得自己问，总有一个会忘。',
    ),
  },
}
