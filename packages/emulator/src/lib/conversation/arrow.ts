/*
 * What the recorder hands out: `GET /_emulator/conversation` and `emulator.conversation()` answer a `Conversation`.
 *
 * `GET /_emulator/conversation/stream` is text/event-stream with three named events:
 *   `stations`  data: Station[], all of them; first of all, and again before an arrow that shows a new or changed one
 *   `arrow`     id: seq, data: Arrow; `Last-Event-ID` or `?after=SEQ` resumes behind that one
 *   `cleared`   data: {}; all arrows so far are gone, seq goes on; first of all, and seq begins anew, for who comes back
 *               with a number that was never given: the emulator is another
 * A comment every 15 seconds keeps the connection.
 */

/** Who takes part: a mini program on one phone, a server it talks to, WeChat, or the operator at the controls. */
export interface Station {
  /** Such as `phone:1`, `http://127.0.0.1:8787`, `wechat`, `operator`; `server` and `back-end` where nobody knows which. */
  id: string
  /**
   * `server` is an origin that was handed a code of `wx.login`, that calls WeChat, or that stands behind a tap; any other
   * origin is a `back-end`. What an origin is shows only as it talks, so it may change.
   */
  kind: 'mini-program' | 'server' | 'wechat' | 'back-end' | 'operator'
  /** Of a phone: who holds it and which of theirs it is. */
  user?: string | undefined
  device?: string | undefined
  /** Of an origin: where its requests really went, where `--backend` or a tap sent them elsewhere. */
  sentTo?: string | undefined
}

/** What an arrow is, for its explanation. */
export type ArrowKind =
  | 'wx.login'
  | 'wx.checkSession'
  | 'wx.getUserInfo'
  | 'wx.getPhoneNumber'
  | 'wx.request'
  | 'wx.uploadFile'
  | 'wx.downloadFile'
  /** A server at one of WeChat's paths. */
  | 'wechat'
  /** A back end at a server, through a tap. */
  | 'tap'
  /** Something done at the controls: days passed, a session ended, a fault was set. */
  | 'control'

/** Of a note: what was done, for programs. */
export type NoteAction =
  | 'clock.advance'
  | 'session-key.rotate'
  | 'session-key.expire'
  | 'settings.change'
  | 'fault.set'
  | 'fault.clear'
  | 'fault.strike'
  | 'reset'
  | 'state.replace'
  | 'dev'

/** What went over the wire, secrets replaced by names that stay the same for the same secret: `‹token 1›`. */
export interface Message {
  /** `GET https://…` of a call, `200 OK` of an answer, or what stands for it. */
  startLine: string
  headers: readonly (readonly [name: string, value: string])[]
  /** Text, JSON with line breaks, or what can be said of what is neither: `‹412 bytes of image/png›`. */
  body: string
}

export interface Arrow {
  /** 1, 2, … in the order in which they were seen. */
  seq: number
  /** A call and its answer have the same. */
  exchange: number
  part: 'call' | 'answer' | 'note'
  kind: ArrowKind
  /** Ids of stations; the same for a note. */
  from: string
  to: string
  /** ISO 8601, the emulator's virtual clock. */
  at: string
  /** Real milliseconds since the emulator started. Of a call: when its body had arrived; of an answer: when all of it had. */
  elapsedMs: number
  /** Short enough to stand on the arrow: `POST /login`, `401 revoked_by_admin`, `code ‹code 2›`. English. */
  label: string
  /** Of an answer. `lost`: it was sent and never arrived. */
  outcome?: 'ok' | 'refused' | 'failed' | 'lost' | undefined
  /** HTTP status of an answer, where it has one. */
  status?: number | undefined
  /** The reason a server gave for a refusal, WeChat's errcode, or wx's errMsg. */
  reason?: string | undefined
  /** Of a note. */
  action?: NoteAction | undefined
  /** Of a note: its particulars, such as `{ seconds: 86400 }` or `{ appid, user }`. */
  facts?: Readonly<Record<string, string | number>> | undefined
  message?: Message | undefined
}

/** What `GET /_emulator/conversation` answers. */
export interface Conversation {
  stations: readonly Station[]
  arrows: readonly Arrow[]
  /** How many of the oldest arrows were forgotten. */
  dropped: number
}

/** What `GET /_emulator/conversation/secrets` answers: the values behind the names. AppSecrets, API keys and passwords are never among them. */
export interface ConversationSecrets {
  secrets: Readonly<Record<string, string>>
}
