import { YaopaiError } from './yaopai-error.ts'

/**
 * What WeChat handed to `fail`, or threw, as an error of ours. WeChat's own words stay: they are all there is.
 * @throws YaopaiError always
 */
export function failWith(failure: unknown): never {
  const { class: errorClass, errMsg = String(failure), errno } = Object(failure)
  if (errorClass) throw failure
  // Not ERR_CONNECTION_ABORTED, which is the network's.
  if (/abort$/.test(errMsg)) throw new YaopaiError('aborted', 'input', errMsg, { errno })
  const late = /time.?out/i.test(errMsg) ? 'timeout' : 'network'
  const code = /interrupted/.test(errMsg) ? 'interrupted' : late
  // "url not in domain list": the operator has to add it to the server domains.
  throw new YaopaiError(code, /domain list/.test(errMsg) ? 'config' : 'retry', errMsg, { errno })
}
