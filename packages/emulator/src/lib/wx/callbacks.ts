/** What every result of the wx object carries. */
export interface WxResult {
  errMsg: string
}

export interface WxFailure extends WxResult {
  errno?: number
}

export interface Callbacks<R extends WxResult> {
  success?: ((res: R) => void) | undefined
  fail?: ((failure: WxFailure) => void) | undefined
  complete?: ((res: R | WxFailure) => void) | undefined
}

export type Outcome<R extends WxResult> = { ok: true; res: R } | { ok: false; failure: WxFailure }

export function succeed<R extends WxResult>(res: R): Outcome<R> {
  return { ok: true, res }
}

export function failWith<R extends WxResult>(api: string, reason: string, errno?: number): Outcome<R> {
  const errMsg = reason === '' ? `${api}:fail` : `${api}:fail ${reason}`
  return { ok: false, failure: errno === undefined ? { errMsg } : { errMsg, errno } }
}

/** success or fail, then complete, even where the first of them throws. */
export function callBack<R extends WxResult>(callbacks: Callbacks<R>, outcome: Outcome<R>): void {
  try {
    if (outcome.ok) callbacks.success?.(outcome.res)
    else callbacks.fail?.(outcome.failure)
  } finally {
    callbacks.complete?.(outcome.ok ? outcome.res : outcome.failure)
  }
}

export function hasCallback<R extends WxResult>(callbacks: Callbacks<R>): boolean {
  return [callbacks.success, callbacks.fail, callbacks.complete].some((one) => typeof one === 'function')
}

interface NoCallbacks {
  success?: undefined
  fail?: undefined
  complete?: undefined
}

/** Optional where every option is. */
type Args<O extends object, C> = Record<never, never> extends O ? [options?: O & C] : [options: O & C]

/** An API in WeChat's two styles: with a callback given, callbacks; with none, a Promise. */
export interface TwoStyles<R extends WxResult, O extends object> {
  (...args: Args<O, NoCallbacks>): Promise<R>
  (...args: Args<O, Callbacks<R>>): void
}

/** What the phone that runs an API does to its callbacks. */
export interface Host {
  /** false: as an old base library, it never gives a Promise. */
  readonly promises: boolean
  /** killed: nothing is called back any more. */
  readonly state: { readonly killed: boolean }
}

/** Never calls back before the call has returned. A Promise rejects with a plain object, as WeChat's do. */
function settle<R extends WxResult>(
  host: Host,
  callbacks: Callbacks<R>,
  working: Promise<Outcome<R>>,
): Promise<R> | undefined {
  if (hasCallback(callbacks) || !host.promises) {
    working.then((outcome) => callBack(callbacks, outcome))
    return undefined
  }
  return working.then((outcome) => {
    if (outcome.ok) return outcome.res
    throw outcome.failure
  })
}

/** Does the work, unless the phone is dead; the answer never comes if it dies meanwhile. */
async function workWhileAlive<R extends WxResult>(
  host: Host,
  work: () => Promise<Outcome<R>>,
): Promise<Outcome<R>> {
  const outcome = host.state.killed ? undefined : await work()
  if (outcome && !host.state.killed) return outcome
  return new Promise(() => {})
}

export function twoStyles<R extends WxResult, O extends object>(
  host: Host,
  work: (options: O) => Promise<Outcome<R>>,
): TwoStyles<R, O> {
  function call(...args: Args<O, NoCallbacks>): Promise<R>
  function call(...args: Args<O, Callbacks<R>>): void
  function call(...args: [options?: O & Callbacks<R>]): Promise<R> | undefined {
    const options = Object(args[0]) as O & Callbacks<R> // the signatures above let it be absent only where O is all optional
    return settle(
      host,
      options,
      workWhileAlive(host, () => work(options)),
    )
  }
  return call
}
