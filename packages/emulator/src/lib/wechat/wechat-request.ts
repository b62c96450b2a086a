/** One call of a WeChat path, as far as WeChat looks at it. */
export interface WechatRequest {
  method: string
  query: URLSearchParams
  body: Buffer
  /** The caller's address. */
  ip: string
}
