import { YaopaiError } from './yaopai-error.ts'

/** What WeChat handed to `fail`, or threw, as an error of ours; WeChat's own words stay in `errMsg`. */
export function errorOfFailure(failure: unknown): YaopaiError {
  const { errMsg, errno } = Object(failure)
  const said = String(errMsg || failure)
  // By its words, since errno came with base library 2.24.0 only.
  if (/abort/.test(said)) return new YaopaiError('aborted', 'input', said, { errno })
  if (/domain list/.test(said))
    return new YaopaiError(
      'network',
      'config',
      `${said}：请在小程序后台添加服务器域名 / add it to the server domains`,
      { errno },
    )
  const code = /interrupted/.test(said)
    ? 'interrupted'
    : /time.?out|timed/i.test(said)
      ? 'timeout'
      : 'network'
  return new YaopaiError(code, 'retry', said, { errno })
}
