import { createNetwork, type Network } from './network.ts'
import { createSockets, type Sockets } from './sockets.ts'
import { ERRNO, OFFLINE, type Wire } from './wire.ts'

/** All that a phone has under way, and what ends it as a whole. */
export interface Radio {
  network: Network
  sockets: Sockets
  /** Five seconds after going to the background: everything under way fails, and so does what is begun. */
  suspend(): void
  resume(): void
  setOffline(offline: boolean): void
  /** Everything ends, and nobody hears of it. */
  kill(): void
}

export function createRadio(wire: Wire, defaultTimeoutMs: number): Radio {
  const { state } = wire.phone
  const network = createNetwork(wire.phone, defaultTimeoutMs)
  const sockets = createSockets(wire, defaultTimeoutMs)
  const interrupt = () => {
    network.failAll('interrupted', ERRNO.interrupted)
    sockets.interruptAll()
  }
  return {
    network,
    sockets,
    suspend() {
      state.suspended = true
      interrupt()
    },
    resume() {
      state.suspended = false
    },
    setOffline(offline) {
      state.offline = offline
      if (!offline) return
      network.failAll(OFFLINE, ERRNO.network)
      sockets.cutAll()
    },
    kill() {
      state.killed = true
      interrupt()
    },
  }
}
