/**
 * What a mini program sees of Yaopai. No type here is WeChat's own: the declarations stand alone, and fit `wx`,
 * Taro and uni alike, since all three have this shape.
 */
import type { ErrorClass, ErrorCode, SessionView, UserView } from './wire.ts'

export type { ErrorClass, ErrorCode, SessionView, UserView }

/**
 * Codes of the server (see docs/errors.md), and the client's own:
 * `network` no answer came · `timeout` none came in time · `aborted` by the caller · `interrupted` WeChat cut the
 * request off in the background · `bad_response` an answer that is not Yaopai's · `login_unavailable` there is no
 * login here (opened from Moments, no appid in DevTools) · `phone_refused` the user refused ·
 * `invalid_option` an option of `createYaopai` makes no sense.
 */
export type YaopaiErrorCode =
  | ErrorCode
  | 'network'
  | 'timeout'
  | 'aborted'
  | 'interrupted'
  | 'bad_response'
  | 'login_unavailable'
  | 'phone_refused'
  | 'invalid_option'

/** Which server each version of the mini program talks to; see `wx.getAccountInfoSync().miniProgram.envVersion`. */
export interface BaseUrls {
  readonly develop: string
  readonly trial: string
  readonly release: string
}

export interface YaopaiOptions {
  /** Your back end: `https://api.example.com`, or one per version. Paths given to `request` are put behind it. */
  readonly baseUrl: string | BaseUrls
  /** Yaopai's public listener, with its BASE_PATH. Default: `baseUrl`. */
  readonly authUrl?: string | BaseUrls
  /** Further origins that get the token, such as `https://files.example.com`. Default: none. */
  readonly tokenOrigins?: readonly string[]
  /** `wx`, `Taro` or `uni`. Default: the global `wx`. */
  readonly platform?: WxLike
}

export interface CallOptions<Result> {
  readonly header?: Record<string, string>
  /** Milliseconds for all of it: waiting for a login, sending, sending again. */
  readonly timeout?: number
  /** Whether it may be sent twice. Default: true for GET, HEAD and OPTIONS. */
  readonly idempotent?: boolean
  /** False: goes out without a token and waits for no login. Default: true. */
  readonly auth?: boolean
  /** Hears each task of WeChat's that is begun for this call: progress, headers, chunks. */
  readonly onTask?: (task: TaskLike) => void
  readonly success?: (result: Result) => void
  readonly fail?: (error: YaopaiErrorLike) => void
  readonly complete?: (result: Result | YaopaiErrorLike) => void
}

/** As for `wx.request`; whatever else that takes is handed on. */
export interface RequestOptions<Data = unknown> extends CallOptions<RequestResult<Data>> {
  /** A path behind `baseUrl`, or a whole URL. */
  readonly url: string
  readonly method?: string
  readonly data?: unknown
  readonly [more: string]: unknown
}

export interface RequestResult<Data = unknown> {
  readonly data: Data
  readonly statusCode: number
  readonly header: Record<string, unknown>
  readonly [more: string]: unknown
}

/** As for `wx.uploadFile`. */
export interface UploadOptions extends CallOptions<RequestResult<string>> {
  readonly url: string
  readonly filePath: string
  readonly name: string
  readonly formData?: Record<string, unknown>
  readonly [more: string]: unknown
}

/** As for `wx.downloadFile`. */
export interface DownloadOptions extends CallOptions<DownloadResult> {
  readonly url: string
  readonly filePath?: string
  readonly [more: string]: unknown
}

export interface DownloadResult {
  readonly statusCode: number
  readonly tempFilePath?: string
  readonly filePath?: string
  readonly [more: string]: unknown
}

/** As for `wx.connectSocket`. `onTask` hears the socket before it can say anything. */
export interface ConnectOptions extends CallOptions<SocketLike> {
  readonly url: string
  readonly protocols?: readonly string[]
  readonly [more: string]: unknown
}

/** A Promise that can be called off: it then rejects with the code `aborted`. */
export interface Call<Result> extends Promise<Result> {
  abort(): void
}

export interface Yaopai {
  /** Where requests with a path alone go, for this version of the mini program. */
  readonly baseUrl: string
  /** Yaopai's own listener, for this version: `${authUrl}/me` and its kin. */
  readonly authUrl: string
  /** Of the last login, or as it was kept from before; null as long as nobody is known. */
  readonly user: UserView | null
  /** Why the user is out and stays out until `login()`; null otherwise. */
  readonly signedOut: string | null
  /** The token to send now, or null: for wrappers that a team already has. Await `ready()` before. */
  token(): string | null
  /**
   * Resolves when there is a token, with a silent login where that needs one. App.onLaunch and every page may
   * await it.
   * @throws YaopaiError class `signed_out` when somebody ended this on purpose: only `login()` leads back
   */
  ready(): Promise<void>
  /** Logs in, also after a logout. Callers that ask while one is under way share it. */
  login(): Promise<UserView>
  /** Out here at once and for good; true when the server knows it too, false when it could not be told. */
  logout(): Promise<boolean>
  /** Asks the server who this is: after a change of the profile. */
  refreshUser(): Promise<UserView>
  /** Like `wx.request`, as the user. Callbacks are called as well, where given. */
  request<Data = unknown>(options: RequestOptions<Data>): Call<RequestResult<Data>>
  upload(options: UploadOptions): Call<RequestResult<string>>
  download(options: DownloadOptions): Call<DownloadResult>
  /** Resolves with the open socket. */
  connect(options: ConnectOptions): Call<SocketLike>
  /**
   * For answers that a wrapper of the team's got: true when the request should be sent again with `token()`, false
   * when the 401 is none of Yaopai's. `sentToken` is the token that it was sent with.
   * @throws YaopaiError when logging in again is not what helps, or failed
   */
  handle401(result: AnswerLike, sentToken: string | null): Promise<boolean>
  /** Hears when the user is out until `login()`. The answer takes the listener back. */
  onSignedOut(listener: (event: { readonly code: string }) => void): () => void
  /** From `<button open-type="getPhoneNumber" bindgetphonenumber>`: the number, masked. */
  bindPhone(event: PhoneEvent): Promise<{ readonly phone: string }>
  /**
   * Gets data that WeChat encrypts or signs with session_key, and has the server open it. No login comes in
   * between, so the key is the one that the server has. Where `getData` must be called in a tap, call
   * `prepareOpenData()` when the page shows: then nothing is waited for before.
   */
  openData<Data = Record<string, unknown>>(
    getData: () => OpenDataLike | PromiseLike<OpenDataLike>,
  ): Promise<Data>
  /** Sees to it that session_key is good: asks `wx.checkSession` once, logs in if need be. */
  prepareOpenData(): Promise<void>
}

export interface AnswerLike {
  readonly statusCode: number
  readonly header?: unknown
  readonly data?: unknown
}

export interface PhoneEvent {
  readonly detail: { readonly code?: string; readonly errMsg?: string; readonly errno?: number }
}

export interface OpenDataLike {
  readonly encryptedData?: string
  readonly iv?: string
  readonly rawData?: string
  readonly signature?: string
}

/** What every failure is: an Error with what a program and a person need to know. */
export interface YaopaiErrorLike extends Error {
  readonly code: YaopaiErrorCode
  /** What to do about it, as the server's table of errors has it. */
  readonly class: ErrorClass
  /** Of the answer, where there was one. */
  readonly status?: number
  readonly retryAfterSeconds?: number
  /** As in the log of Yaopai. */
  readonly requestId?: string
  /** As WeChat said it, or the message. */
  readonly errMsg: string
  readonly errno?: number
}

/** How `wx` is called: in callback style, which every base library knows. */
export interface WxCallbacks {
  success?(result: unknown): void
  fail?(failure: unknown): void
}

/** What is used of `wx`. Members that a base library may lack are optional. */
export interface WxLike {
  login(options: WxCallbacks & { timeout?: number }): unknown
  checkSession(options: WxCallbacks): unknown
  request(options: WxCallbacks & { url: string }): unknown
  uploadFile?(options: WxCallbacks & { url: string; filePath: string; name: string }): unknown
  downloadFile?(options: WxCallbacks & { url: string }): unknown
  connectSocket?(options: WxCallbacks & { url: string }): unknown
  getStorageSync(key: string): unknown
  setStorageSync(key: string, data: unknown): void
  removeStorageSync(key: string): void
  getAccountInfoSync?(): unknown
  getEnterOptionsSync?(): unknown
  getDeviceInfo?(): unknown
  getRandomValues?(options: WxCallbacks & { length: number }): unknown
}

export interface TaskLike {
  abort?(): void
  onProgressUpdate?(listener: (progress: { progress: number }) => void): void
  onHeadersReceived?(listener: (event: { header: Record<string, unknown> }) => void): void
}

export interface SocketLike {
  send(options: unknown): void
  close(options?: unknown): void
  onOpen(listener: (event: unknown) => void): void
  onClose(listener: (event: unknown) => void): void
  onError(listener: (event: unknown) => void): void
  onMessage(listener: (event: { data: unknown }) => void): void
}
