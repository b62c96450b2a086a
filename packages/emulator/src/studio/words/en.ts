type Facts = Readonly<Record<string, string | number>>

function span(seconds: number): string {
  if (seconds % 86_400 === 0) return seconds === 86_400 ? '1 day' : `${seconds / 86_400} days`
  if (seconds % 3600 === 0) return seconds === 3600 ? '1 hour' : `${seconds / 3600} hours`
  return seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`
}

/** By a note's action; what is missing is told as the emulator told it. */
const notes: Readonly<Record<string, (facts: Facts) => string | undefined>> = {
  'clock.advance': ({ seconds }) => (typeof seconds === 'number' ? `${span(seconds)} pass` : undefined),
  'session-key.rotate': ({ user = '?' }) => `a new session_key for ${user}`,
  'session-key.expire': ({ user = '?' }) => `${user}'s session_key expires`,
  'fault.clear': () => 'WeChat is well again',
  reset: () => 'all begins anew',
}

/** Everything the studio says, besides explanations and stories. */
export const en = {
  notes,
  title: 'Yaopai',
  subtitle: 'How a mini program’s user is known',
  skip: 'Skip to the conversation',
  stories: 'Stories',
  controls: 'Controls',
  phone: 'Phone',
  talk: 'Conversation',
  language: '中文',
  languageLabel: '切换到中文',
  theme: { system: 'Theme: system', light: 'Theme: light', dark: 'Theme: dark' },
  clock: 'Virtual time',
  live: { connecting: 'connecting', live: 'live', lost: 'connection lost, trying again' },
  close: 'Close',
  copy: 'Copy',
  copied: 'Copied',
  lanes: {
    'mini-program': 'Phone {n}',
    server: 'Your server',
    wechat: 'WeChat',
    'back-end': 'Your back end',
    operator: 'Operator',
  },
  phones: {
    frame: 'Phone {n}: {user}, {device}',
    devices: { phone: 'phone', tablet: 'tablet', phone2: 'second phone' } as Readonly<Record<string, string>>,
    away: 'in the background',
    background: 'To the background',
    foreground: 'Back to the foreground',
    restart: 'Close the mini program and open it again',
    offline: 'Offline',
    remove: 'Put this phone away',
    second: 'A second phone:',
    sameUser: 'alice’s tablet',
  },
  noProgram: {
    title: 'No phone yet',
    lead: 'The emulator runs as WeChat alone. What your server says to it appears in the conversation all the same.',
    phoneTitle: 'Start a phone',
    phoneText:
      'Name the folder of a native mini program (the one with app.json), or the output of Taro or uni-app. It runs here, unchanged, and talks to your back end.',
    codeTitle: 'Or play the phone yourself',
    codeText:
      'This is what wx.login does. It answers a code that your server can exchange once, within five minutes:',
    serverText: 'Your server finds WeChat here:',
  },
  parts: { call: 'call', answer: 'answer', note: 'note' },
  outcomes: { ok: 'ok', refused: 'refused', failed: 'failed', lost: 'lost on the way' },
  diagram: {
    list: 'The conversation, one arrow after the other. Arrow keys move, Enter opens, Escape closes.',
    item: '{from} to {to}: {label}',
    note: 'Operator: {label}',
    announced: '{n} new, the last: {label}',
    newest: 'To the newest',
    paused: '{n} new while paused',
    empty: 'Nothing was said yet',
    emptyText: 'As soon as somebody talks through the emulator, arrows appear here.',
    silence: '{time} of silence',
    dropped: 'The {n} oldest arrows are forgotten',
  },
  tools: {
    all: 'All',
    filter: 'Whose arrows',
    scale: 'To scale',
    scaleHint: 'The vertical axis is real time; long silences are drawn short',
    follow: 'Follow',
    pause: 'Pause',
    secrets: 'Show secrets',
    secretsHint: 'Tokens, codes and keys in full. They are of this emulator alone.',
    clear: 'Clear',
    more: 'Export',
    svg: 'Picture (SVG)',
    text: 'Text',
    copyText: 'Copy as text',
  },
  detail: {
    title: 'Arrow {n}',
    what: 'What this is',
    why: 'Why it is there',
    without: 'Without it',
    cure: 'What helps',
    message: 'As it went over the wire',
    noMessage: 'Nothing went over a wire here: this happened inside.',
    headers: 'Headers',
    body: 'Body',
    emptyBody: 'no body',
    partnerCall: 'Its call',
    partnerAnswer: 'Its answer',
    noAnswer: 'No answer yet',
    at: 'Virtual time',
    took: 'Took',
    previous: 'Earlier arrow',
    next: 'Later arrow',
    real: 'Secrets are shown in full',
    masked: 'Names like ‹token 1› stand for secrets: same name, same secret',
  },
}

export type Words = typeof en
