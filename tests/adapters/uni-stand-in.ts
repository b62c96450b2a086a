/**
 * A stand-in for `uni.request` and `uni.addInterceptor`: the real ones come out of uni-app's compiler. It keeps to what
 * uni-app documents and @dcloudio/uni-mp-weixin 3.0.0 (5010420260703001) does: with no callback in the order there is a
 * promise, made of callbacks; `invoke` sees the copy of the order that goes out; false from it, and not a promise of
 * false, stops everything and settles nothing; a promise from it is waited for, and what it resolves to is sent.
 */
export interface UniLike {
  request(order: UniOrder): unknown
  addInterceptor(api: 'request', hooks: Hooks): void
}

export type UniOrder = { url: string; [name: string]: unknown }
type Hooks = { invoke?: (order: UniOrder) => unknown }
type Send = (order: UniOrder) => unknown

export function createUni(wx: { request: Send }): UniLike {
  const invokes: NonNullable<Hooks['invoke']>[] = []
  const send: Send = (order) => {
    for (const invoke of invokes) {
      const said = invoke(order)
      if (said === false) return undefined
      if (said instanceof Promise) return said.then((changed) => wx.request(changed))
    }
    return wx.request(order)
  }
  return {
    request: (order) => (hasCallback(order) ? send({ ...order }) : promised(send, order)),
    addInterceptor: (_api, { invoke }) => {
      if (invoke) invokes.push(invoke)
    },
  }
}

function promised(send: Send, order: UniOrder): Promise<unknown> {
  return new Promise((success, fail) => {
    send({ ...order, success, fail })
  })
}

function hasCallback(order: UniOrder): boolean {
  return ['success', 'fail', 'complete'].some((name) => typeof order[name] === 'function')
}
