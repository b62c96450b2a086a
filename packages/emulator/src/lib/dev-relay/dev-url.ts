import { isLoopbackName } from '../control/guard.ts'
import { EmulatorError } from '../machine.ts'

/**
 * Where a back end's `/_dev` is: the given address and that path.
 *
 * @throws {EmulatorError} `bad_dev_url` for what is no plain http address of this machine
 */
export function parseDevUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const cure = "give your back end's address on this machine (--dev or devUrl), such as http://127.0.0.1:8789"
  const bad = (reason: string) => new EmulatorError('bad_dev_url', reason, cure)
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:')
    throw bad('the address of /_dev is no http URL')
  if (!isLoopbackName(url.host))
    throw bad(`${url.host} is not this machine, and /_dev is for this machine alone`)
  if (url.username + url.password + url.search + url.hash !== '') {
    throw bad('the address of /_dev may hold no user, query or fragment')
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}/_dev`
}
