/** Who takes part: a mini program on one phone, a server it talks to, WeChat, or the operator at the controls. */
export interface Station {
  /** Such as `phone:1`, `http://127.0.0.1:8787`, `wechat`, `operator`. */
  id: string
  /**
   * `server` is an origin that was handed a code of `wx.login`, or that calls WeChat; any other origin is a `back-end`.
   * What an origin is shows only as it talks, so it may change.
   */
  kind: 'mini-program' | 'server' | 'wechat' | 'back-end' | 'operator'
  /** Of a phone: who holds it and which of theirs it is. */
  user?: string | undefined
  device?: string | undefined
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

/** What went over the wire, secrets replaced by names that stay the same for the same secret: `‹token 1›`. */
export interface Message {
  /** `GET https://…` of a call, `200 OK` of an answer, or what stands for it. */
  startLine: string
  headers: readonly (readonly [name: string, value: string])[]
  /** Text, or what can be said of what is none: `‹412 bytes of image/png›`. */
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
  /** Real milliseconds since the emulator started. */
  elapsedMs: number
  /** Short enough to stand on the arrow: `POST /login`, `401 revoked_by_admin`, `code ‹code 2›`. */
  label: string
  /** Of an answer. `lost`: it was sent and never arrived. */
  outcome?: 'ok' | 'refused' | 'failed' | 'lost' | undefined
  /** HTTP status of an answer, where it has one. */
  status?: number | undefined
  /** The reason a server gave for a refusal, WeChat's errcode, or wx's errMsg. */
  reason?: string | undefined
  message?: Message | undefined
}

/** What `GET /_emulator/conversation` answers. */
export interface Conversation {
  stations: readonly Station[]
  arrows: readonly Arrow[]
  /** How many of the oldest arrows were forgotten. */
  dropped: number
}
