/**
 * How a request reaches WeChat. The query carries the AppSecret, so it is handed over apart from the path and
 * nothing of it may stand in an error.
 */
export interface WechatRequest {
  readonly path: string
  readonly query: URLSearchParams
  /** Makes it a POST of JSON. May hold the AppSecret too. */
  readonly json?: Readonly<Record<string, string | boolean>>
}

export type WechatAnswer =
  | { readonly kind: 'answer'; readonly status: number; readonly body: string }
  /** `sent` false: not one byte of the request left. Then, and only then, it may be sent again. */
  | { readonly kind: 'no_answer'; readonly sent: boolean; readonly cause: string }
  | { readonly kind: 'unreadable'; readonly status: number; readonly cause: string }

export type WechatTransport = (request: WechatRequest) => Promise<WechatAnswer>
