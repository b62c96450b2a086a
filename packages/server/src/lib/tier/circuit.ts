const PROBE_EVERY_MS = 1_000

/** Keeps requests from waiting, one after the other, for something that does not answer. */
export interface Circuit {
  readonly isOpen: boolean
  /** True once a second while open, to one who then tries and tells; nobody waits for that. */
  claimProbe(): boolean
  succeeded(): void
  failed(cause: string): void
}

export interface CircuitOptions {
  /** Monotonic. */
  readonly nowMs: () => number
  readonly onOpen: (cause: string) => void
  readonly onClose: () => void
}

/** Opens at the first failure: whoever comes after it shall not pay for it too. */
export function createCircuit({ nowMs, onOpen, onClose }: CircuitOptions): Circuit {
  let isOpen = false
  let triedAtMs = 0
  return {
    get isOpen() {
      return isOpen
    },
    claimProbe() {
      if (!isOpen || nowMs() - triedAtMs < PROBE_EVERY_MS) return false
      triedAtMs = nowMs()
      return true
    },
    succeeded() {
      if (!isOpen) return
      isOpen = false
      onClose()
    },
    failed(cause) {
      triedAtMs = nowMs()
      if (isOpen) return
      isOpen = true
      onOpen(cause)
    },
  }
}
