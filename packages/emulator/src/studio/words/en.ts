export type Facts = Readonly<Record<string, string | number>>

function span(seconds: number): string {
  if (seconds % 86_400 === 0) return seconds === 86_400 ? '1 day' : `${seconds / 86_400} days`
  if (seconds % 3600 === 0) return seconds === 3600 ? '1 hour' : `${seconds / 3600} hours`
  return seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`
}

/** What WeChat suffers from, by a fault's effects. */
function trouble({ delayMs, errcode, reset, status, body }: Facts): string | undefined {
  if (errcode !== undefined) return `WeChat answers errcode ${errcode}`
  if (reset !== undefined) return 'WeChat is down'
  if (status !== undefined) return `WeChat answers ${status}`
  if (body !== undefined) return 'WeChat answers garbage'
  return delayMs === undefined ? undefined : `WeChat is slow: ${Number(delayMs) / 1000} s`
}

/** What was done at the server, by its path there. */
const DEV_ACTS: Readonly<Record<string, (facts: Facts) => string | undefined>> = {
  '/clock': ({ advanceSeconds }) => `${span(Number(advanceSeconds))} pass for the server too`,
  '/sessions/end': ({ user = '?', as }) =>
    as === 'admin' ? `an admin ends ${user}'s session` : `${user} ends it from another device`,
  '/users/ban': ({ user = '?' }) => `${user} is banned`,
  '/users/unban': ({ user = '?' }) => `the ban of ${user} is lifted`,
}

/** By a note's action; what is missing is told as the emulator told it. */
const notes: Readonly<Record<string, (facts: Facts) => string | undefined>> = {
  'clock.advance': ({ seconds }) => (typeof seconds === 'number' ? `${span(seconds)} pass` : undefined),
  'session-key.rotate': ({ user = '?' }) => `a new session_key for ${user}`,
  'session-key.expire': ({ user = '?' }) => `${user}'s session_key expires`,
  dev: (facts) => DEV_ACTS[String(facts['path'])]?.(facts),
  'fault.set': trouble,
  'fault.strike': trouble,
  'fault.clear': () => 'WeChat is well again',
  reset: () => 'all begins anew',
}

/** Everything the studio says, besides explanations and stories. */
export const en = {
  notes,
  title: 'Yaopai',
  subtitle: "How a mini program's user is known",
  skip: 'Skip to the conversation',
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
    server: 'Server',
    wechat: 'WeChat',
    'back-end': 'Back end',
    operator: 'Operator',
  },
  controls: {
    title: 'Controls',
    which: 'Which phone',
    actAs: 'Act as',
    newUser: 'new name',
    go: 'Go',
    device: 'On',
    state: 'It is',
    background: 'in the background',
    offline: 'offline',
    dark: 'dark',
    program: 'Mini program',
    restart: 'Restart',
    restartHint: 'Thrown out of memory and opened again; what it stored is still there',
    wipe: 'New phone',
    wipeHint: 'Restart with an empty storage',
    lose: 'Lose the next answer of',
    loseHint: 'The server does all its work; only the answer never arrives',
    wechat: 'WeChat',
    wechatLead: 'Hits servers that call WeChat, and through them the phones.',
    well: 'WeChat is well.',
    unwell: '{name}: has struck {n} times.',
    switchOff: 'Make well',
    trouble: 'Trouble',
    troubles: {
      slow: { label: 'slow', hint: 'Answers after three seconds' },
      busy: { label: 'busy', hint: 'errcode -1, system error' },
      quota: { label: 'minute quota', hint: 'errcode 45011' },
      ip: { label: 'IP not listed', hint: 'errcode 40164' },
      html: { label: 'HTML page', hint: 'What a proxy or a login portal puts in its place' },
      shortJson: { label: 'cut JSON', hint: 'Half an answer' },
      reset: { label: 'down', hint: 'The connection is reset' },
      gateway: { label: '502', hint: 'A gateway without anything behind it' },
    },
    howOften: 'How often',
    times: '{n} ×',
    untilOff: 'until I say stop',
    sessionKey: 'session_key of {user}',
    rotate: 'Rotate',
    rotateHint: 'WeChat makes a new one; the old one is dead',
    expire: 'Expire',
    expireHint: 'There is none any more until the next wx.login',
    time: 'Time',
    timeOfBoth: 'Moves the emulator and the server together.',
    timeOfEmulator: "Moves the emulator's time alone: your server cannot be moved from here.",
    letPass: 'Let pass',
    spans: ['1 minute', '1 hour', '4 days', '30 days'],
    server: 'Server',
    serverLead: 'What happens to {user} there.',
    serverOff:
      'Off: needs a server that lets itself be moved. npm start and npx yaopai dev do; your own can with --dev URL.',
    endSession: 'End the newest session',
    asUser: 'as the user',
    asUserHint: 'As from another device of theirs: revoked_by_user',
    asAdmin: 'as an admin',
    asAdminHint: 'As an operator does: revoked_by_admin',
    account: 'Account',
    ban: 'Ban',
    unban: 'Lift the ban',
    reset: 'Reset the emulator',
    resetHint: 'Users, keys, faults and settings as at the start; the server keeps what it knows',
  },
  stories: {
    title: 'Stories',
    lead: 'They play themselves: they press the buttons of the phone, and go on when the answers are there.',
    play: 'Play',
    again: 'Play again',
    pause: 'Pause',
    resume: 'Go on',
    next: 'Next step',
    stop: 'End the story',
    readReason: 'what that means',
    failed: 'It does not go on: {what}.',
    needs: {
      example: 'Needs the example mini program: npm start in the repository.',
      dev: 'Needs a server that lets time pass and sessions end: npm start or npx yaopai dev.',
    },
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
    sameUser: "alice's tablet",
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
