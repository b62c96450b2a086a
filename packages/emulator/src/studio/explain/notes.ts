import type { NoteAction } from '../../lib/conversation/arrow.ts'
import { type Explanation, say } from './explanation.ts'

/** What the operator did, by the action of the note. */
export const NOTES: Readonly<Partial<Record<NoteAction, Explanation>>> = {
  'clock.advance': {
    what: say('The virtual clock was moved on.', '虚拟时钟被拨快了。'),
    why: say(
      'So that what takes days can be seen in a second: codes die, keys and sessions end.',
      '要等几天的事，一秒钟就能看到：code 失效、密钥与登录到期。',
    ),
    without: say('Nobody waits thirty days for a test.', '没有人会为一次测试等三十天。'),
  },
  'session-key.rotate': {
    what: say(
      'WeChat made a new session_key for this user; the old one is dead.',
      '微信为这位用户换了新的 session_key，旧的作废。',
    ),
    why: say(
      'It happens by itself when the same user logs in on another phone.',
      '同一用户在另一部手机登录时，就会自动发生。',
    ),
    without: say(
      'A server that keeps one key fails now and then; one that keeps the newest three does not.',
      '只存一把钥匙的服务器会时不时失败，存最近三把的不会。',
    ),
  },
  'session-key.expire': {
    what: say(
      'The session_key has expired; there is none until the next wx.login.',
      'session_key 已过期，下次 wx.login 之前没有可用的。',
    ),
    why: say(
      'WeChat does not say how long it lives. Days, by experience.',
      '微信不公布它的寿命，经验上是几天。',
    ),
    without: say(
      'Your own session is not touched: it has its own deadline.',
      '你自己的登录态不受影响，它有自己的期限。',
    ),
  },
  'fault.set': {
    what: say(
      'From now on calls to WeChat go wrong as chosen.',
      '从现在起，对微信的调用会按选定的方式出错。',
    ),
    why: say(
      'WeChat is down seldom enough to be forgotten, and often enough to matter.',
      '微信很少出问题，少到让人忘记；但又没少到可以不管。',
    ),
    without: say(
      'What a server does then would be seen on that day for the first time.',
      '服务器届时会怎样，要到那一天才第一次知道。',
    ),
  },
  'fault.clear': {
    what: say('WeChat is well again.', '微信恢复正常。'),
    why: say('New logins go through at once.', '新的登录马上就能成功。'),
    without: say('The trouble stays until its number of times is over.', '故障会持续到次数用完。'),
  },
  'fault.strike': {
    what: say('The trouble that was set strikes this call.', '设定的故障在这次调用上发作。'),
    why: say('The answer below is not what WeChat would have said.', '下面的应答不是微信本来会说的。'),
    without: say('The call would have gone well.', '这次调用本会成功。'),
  },
  reset: {
    what: say('The emulator is as it was at its start.', '模拟器回到了启动时的样子。'),
    why: say(
      'Users, keys, faults and settings begin anew. Servers keep what they know.',
      '用户、密钥、故障与设置重新开始；服务器保留它们所知道的。',
    ),
    without: say('What was tried before would colour what is tried next.', '前一次的试验会影响下一次。'),
  },
  dev: {
    what: say(
      'The server was told to do this, by its interface for development.',
      '通过开发接口，让服务器做了这件事。',
    ),
    why: say(
      'It is what an operator or the user on another device would do.',
      '相当于管理员，或用户在另一台设备上的操作。',
    ),
    without: say(
      'The phone learns of it with its next request: on the 401 stands the reason.',
      '手机在下一次请求时才得知：401 上写着原因。',
    ),
  },
}

export const ANY_NOTE: Explanation = {
  what: say('Something done at the controls.', '在控制面板上做的一件事。'),
  why: say('It stands here so that what follows can be understood.', '写在这里，才看得懂后面发生的事。'),
  without: say('The next arrows would look like chance.', '后面的箭头就像是偶然。'),
}
