import type { YaopaiErrorCode } from './types.ts'
import { YaopaiError } from './yaopai-error.ts'

const CODES: { readonly [word: string]: YaopaiErrorCode } = { abort: 'aborted', interrupted: 'interrupted' }

/** What WeChat handed to `fail`, or threw, as an error of ours. WeChat's own words stay: they are all there is. */
export function errorOfFailure(failure: unknown): YaopaiError {
  const { errMsg = String(failure), errno } = Object(failure)
  const [word = ''] = /abort|interrupted|time.?out|domain list/i.exec(errMsg) || []
  // "url not in domain list": the operator has to add it to the server domains.
  const isUnlisted = word === 'domain list'
  const code = CODES[word] || (word && !isUnlisted ? 'timeout' : 'network')
  const errorClass = isUnlisted ? 'config' : code === 'aborted' ? 'input' : 'retry'
  return new YaopaiError(code, errorClass, errMsg, { errno })
}
