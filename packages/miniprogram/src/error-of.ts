import type { YaopaiErrorCode } from './types.ts'
import { YaopaiError } from './yaopai-error.ts'

/** What WeChat handed to `fail`, or threw, as an error of ours. WeChat's own words stay: they are all there is. */
export function errorOf(failure: unknown): YaopaiError {
  const { class: errorClass, errMsg = String(failure), errno } = Object(failure)
  if (errorClass) return failure as YaopaiError
  const code = codeOf(errMsg)
  // "url not in domain list": the operator has to add it to the server domains.
  const isUnlisted = /domain list/.test(errMsg)
  return new YaopaiError(code, isUnlisted ? 'config' : code === 'aborted' ? 'input' : 'retry', errMsg, {
    errno,
  })
}

function codeOf(errMsg: string): YaopaiErrorCode {
  if (/abort/i.test(errMsg)) return 'aborted'
  if (/interrupted/i.test(errMsg)) return 'interrupted'
  return /time.?out/i.test(errMsg) ? 'timeout' : 'network'
}
