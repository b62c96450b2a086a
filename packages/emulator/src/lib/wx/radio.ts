import { createListeners, type Listeners } from './listeners.ts'
import { createNetwork, type Network } from './network.ts'
import { createSockets, type Sockets } from './sockets.ts'
import { ERRNO, OFFLINE, type Wire } from './wire.ts'

export interface NetworkStatus {
  isConnected: boolean
  networkType: 'wifi' | 'none'
}

/** All that a phone has under way, and what ends it as a whole. */
export interface Radio {
  network: Network
  sockets: Sockets
  statusChange: Listeners<NetworkStatus>
  /** Five seconds after going to the background: everything under way fails, and so does what is begun. */
  suspend(): void
  resume(): void
  setOffline(offline: boolean): void
  /** Everything ends, and nobody hears of it. */
  kill(): void
}

export function statusOf(offline: boolean): NetworkStatus {
  return { isConnected: !offline, networkType: offline ? 'none' : 'wifi' }
}

export function createRadio(wire: Wire, defaultTimeoutMs: number): Radio {
  const { state } = wire.phone
  const network = createNetwork(wire.phone, defaultTimeoutMs)
  const sockets = createSockets(wire, defaultTimeoutMs)
  const statusChange = createListeners<NetworkStatus>()
  const interrupt = () => {
    network.failAll('interrupted', ERRNO.interrupted)
    sockets.interruptAll()
  }
  return {
    network,
    sockets,
    statusChange,
    suspend() {
      state.suspended = true
      interrupt()
    },
    resume() {
      state.suspended = false
    },
    setOffline(offline) {
      if (state.killed || offline === state.offline) return
      state.offline = offline
      if (offline) {
        network.failAll(OFFLINE, ERRNO.network)
        sockets.cutAll()
      }
      statusChange.tell(statusOf(offline))
    },
    kill() {
      state.killed = true
      interrupt()
    },
  }
}
