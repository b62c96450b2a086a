import type { WechatAnswer, WechatRequest, WechatTransport } from '../lib/wechat/transport.ts'

/** A WeChat that says what a test tells it to, and remembers what it was asked. */
export interface FakeTransport extends WechatTransport {
  readonly requests: WechatRequest[]
  /** Answers from now on, one a request; the last one stays. */
  answer(...answers: readonly (WechatAnswer | Promise<WechatAnswer>)[]): void
}

export function createFakeTransport(...first: readonly WechatAnswer[]): FakeTransport {
  let answers: readonly (WechatAnswer | Promise<WechatAnswer>)[] = first
  const requests: WechatRequest[] = []
  const send = async (request: WechatRequest): Promise<WechatAnswer> => {
    requests.push(request)
    const [next, ...others] = answers
    if (next === undefined) throw new Error('The fake WeChat was told no answer')
    if (others.length > 0) answers = others
    return next
  }
  return Object.assign(send, {
    requests,
    answer: (...later: readonly (WechatAnswer | Promise<WechatAnswer>)[]) => {
      answers = later
    },
  })
}

/** A body as WeChat sends it: status 200 whatever it says. */
export function wechatSays(body: unknown, status = 200): WechatAnswer {
  return { kind: 'answer', status, body: typeof body === 'string' ? body : JSON.stringify(body) }
}
