import { ask, GIVE_UP_MS } from './ask.ts'
import { ownCall } from './call.ts'
import type { Core } from './core.ts'
import { limited } from './limited.ts'
import { logIn } from './login.ts'
import { nothing, resolved } from './tell.ts'
import type { OpenDataLike } from './types.ts'
import { withToken } from './with-token.ts'

/** A dialog that the user leaves open shall not keep everybody from logging in. */
const HOLD_MS = 60_000

type GetData = () => OpenDataLike | PromiseLike<OpenDataLike>

/**
 * WeChat's data open with the session_key that lived when they were made, and any `wx.login` may end its life. So:
 * first a key that the server has, then the data, then their use, and no login in between. A key that the server
 * has not after all: log in, get the data again, once.
 * @throws YaopaiError, or what `getData` failed with
 */
export function openData<Data>(core: Core, getData: GetData, isSecond?: boolean): Promise<Data> {
  return whenPrepared(core, () => {
    const used = new Promise<OpenDataLike>((resolve) => resolve(getData())).then((data) => {
      const { encryptedData, iv, rawData, signature } = Object(data)
      const body = { encryptedData, iv, rawData, signature }
      return ownCall<Data & { readonly integrity: string }>(core, '/me/open-data', 'integrity', body)
    })
    core.hold = limited<unknown>(HOLD_MS, (resolve) => used.then(resolve, resolve))
      .catch(nothing)
      .then(() => {
        core.hold = null
      })
    return used.catch((error) => {
      if (isSecond || Object(error).class !== 'relogin') throw error
      return logIn(core, true).then(() => openData(core, getData, true))
    })
  })
}

/** @throws YaopaiError where there is no login to be had */
export function prepareOpenData(core: Core): Promise<void> {
  return whenPrepared(core, resolved<void>)
}

/** Nothing is waited for where all is prepared, so that `run` still belongs to the user's tap. */
function whenPrepared<Result>(core: Core, run: () => Promise<Result>): Promise<Result> {
  const { kept, keyChecked, entry, hold } = core
  if (kept.current && keyChecked && !entry && !hold) return run()
  // After a login of this very run the key is the one that the server got.
  const check = () =>
    core.keyChecked ||
    ask(core, 'checkSession', {}, GIVE_UP_MS).then(
      () => {
        core.keyChecked = true
      },
      () => logIn(core, true),
    )
  return (hold || withToken<unknown>(core, check)).then(() => whenPrepared(core, run))
}
