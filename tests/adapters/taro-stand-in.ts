/**
 * A stand-in for `Taro.request` and `Taro.addInterceptor`: the real ones need Taro's runtime and its compiler. It keeps
 * to what Taro documents and @tarojs/api 4.1.11 does: an onion, outermost what was added first; `proceed` hands the
 * order it is given inwards and may be called again; at the core each call wraps the callbacks that stand in the order
 * itself, so an order that is sent twice has to be a new object each time.
 */
export interface TaroLike {
  request(order: TaroOrder): Promise<unknown>
  addInterceptor(interceptor: Interceptor): void
}

export type TaroOrder = { url: string; [name: string]: unknown }
type Chain = { requestParams: TaroOrder; proceed(order: TaroOrder): Promise<unknown> }
type Interceptor = (chain: Chain) => Promise<unknown>
type Send = (order: TaroOrder) => unknown

export function createTaro(wx: { request: Send }): TaroLike {
  const interceptors: Interceptor[] = []
  const proceedFrom = (index: number, order: TaroOrder): Promise<unknown> => {
    const next = interceptors[index]
    if (!next) return atTheCore(wx.request, order)
    return next({ requestParams: order, proceed: (changed) => proceedFrom(index + 1, changed) })
  }
  return {
    request: (order) => proceedFrom(0, { ...order }),
    addInterceptor: (interceptor) => void interceptors.push(interceptor),
  }
}

function atTheCore(send: Send, order: TaroOrder): Promise<unknown> {
  return new Promise((resolve, reject) => {
    order['success'] = both(order['success'], resolve)
    order['fail'] = both(order['fail'], reject)
    send(order)
  })
}

function both(one: unknown, other: (value: unknown) => void): (value: unknown) => void {
  return (value) => {
    if (typeof one === 'function') one(value)
    other(value)
  }
}
