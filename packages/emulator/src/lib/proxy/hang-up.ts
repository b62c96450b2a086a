import type { ServerResponse } from 'node:http'

/** Aborted when the caller hangs up before it has its answer, or the emulator closes. */
export function untilHungUp(res: ServerResponse, closing: AbortSignal): AbortSignal {
  const hangUp = new AbortController()
  res.once('close', () => {
    if (!res.writableFinished) hangUp.abort()
  })
  return AbortSignal.any([hangUp.signal, closing])
}
