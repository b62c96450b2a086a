import type { ListenOptions } from './listen.ts'

/** A listener could not be opened; the message says which, and the cure. */
export class ListenError extends Error {
  override readonly name = 'ListenError'
  /** The setting to change. */
  readonly setting: string

  constructor(setting: string, message: string, cause: unknown) {
    super(message, { cause })
    this.setting = setting
  }
}

export function listenError(
  error: unknown,
  { host, port, portSetting = 'PORT' }: ListenOptions,
): ListenError {
  const code = error instanceof Error && 'code' in error ? error.code : null
  const hostSetting = portSetting === 'PORT' ? 'HOST' : 'INTERNAL_HOST'
  if (code === 'EADDRINUSE') {
    const message = `Port ${port} on ${host} is taken: stop what listens there, or set ${portSetting} to a free port`
    return new ListenError(portSetting, message, error)
  }
  if (code === 'EACCES') {
    const message = `Port ${port} on ${host} is not allowed to this user: set ${portSetting} to 1024 or above`
    return new ListenError(portSetting, message, error)
  }
  const message = `Cannot listen on ${host}: set ${hostSetting} to an address of this machine`
  return new ListenError(hostSetting, message, error)
}
