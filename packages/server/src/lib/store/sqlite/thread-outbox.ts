import type { MessagePort } from 'node:worker_threads'
import { type FromWriter, portableError, type Settled } from './thread-messages.ts'

export interface Outbox {
  add(one: Settled): void
  tellBroken(cause: unknown): void
}

/** What one commit has settled goes out in one message, before the next commit begins. */
export function createOutbox(port: MessagePort): Outbox {
  let settled: Settled[] = []
  const post = (message: FromWriter): void => port.postMessage(message)

  function flush(): void {
    if (settled.length === 0) return
    post({ kind: 'settled', settled })
    settled = []
  }

  return {
    add(one) {
      if (settled.push(one) === 1) queueMicrotask(flush)
    },
    /** First what was settled before. */
    tellBroken(cause) {
      flush()
      post({ kind: 'broken', cause: portableError(cause) })
    },
  }
}
