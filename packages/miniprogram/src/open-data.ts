import { after, ask } from './ask.ts'
import { ownCall } from './call.ts'
import type { Core } from './core.ts'
import { haveToken } from './have-token.ts'
import { logIn } from './login.ts'
import type { OpenDataLike } from './types.ts'
import type { YaopaiError } from './yaopai-error.ts'

const CHECK_MS = 10_000
/** A dialog that the user leaves open shall not keep everybody from logging in. */
const HOLD_MS = 60_000

type GetData = () => OpenDataLike | PromiseLike<OpenDataLike>

/**
 * WeChat's data open with the session_key that lived when they were made, and any `wx.login` may end its life. So:
 * first a key that the server has, then the data, then their use, and no login in between. A key that the server
 * has not after all: log in, get the data again, once.
 * @throws YaopaiError, or what `getData` failed with
 */
export async function openData<Data>(core: Core, getData: GetData, isSecond?: boolean): Promise<Data> {
  // Nothing is waited for where all is prepared, so that getData still belongs to the user's tap.
  if (!isPrepared(core)) await prepareOpenData(core)
  const release = hold(core)
  try {
    return await use<Data>(core, getData)
  } catch (error) {
    const { class: errorClass, status } = Object(error) as YaopaiError
    if (isSecond || errorClass !== 'relogin') throw error
    release()
    if (status !== 401) await logIn(core, true)
  } finally {
    release()
  }
  return openData(core, getData, true)
}

/** @throws YaopaiError where there is no login to be had */
export async function prepareOpenData(core: Core): Promise<void> {
  while (!isPrepared(core)) await (core.hold || prepare(core))
}

function isPrepared({ kept, keyChecked, login, hold }: Core): boolean {
  return Boolean(kept.token && keyChecked && !login && !hold)
}

async function prepare(core: Core): Promise<unknown> {
  await haveToken(core)
  // After a login of this very run the key is the one that the server got.
  if (core.keyChecked || core.login) return
  const isGood = () => {
    core.keyChecked = true
  }
  return ask(core.wx, 'checkSession', {}, CHECK_MS).then(isGood, () => logIn(core, true))
}

async function use<Data>(core: Core, getData: GetData): Promise<Data> {
  const { encryptedData, iv, rawData, signature } = Object(await getData())
  return ownCall<Data & { readonly integrity: string }>(core, '/me/open-data', 'integrity', {
    encryptedData,
    iv,
    rawData,
    signature,
  })
}

/** Logins wait until it is released. */
function hold(core: Core): () => void {
  let release = () => {}
  const held = new Promise<void>((resolve) => {
    const stop = after(HOLD_MS, () => release())
    release = () => {
      stop()
      if (core.hold === held) core.hold = undefined
      resolve()
    }
  })
  core.hold = held
  return release
}
