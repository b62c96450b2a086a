import type { AccessTokens } from '../access-token.ts'
import type { Assertions } from '../assertions.ts'
import type { Authenticate, AuthenticateNow } from '../authenticate.ts'
import type { OffsetClock } from '../clock.ts'
import type { BackendConfig } from '../config.ts'
import type { Login } from '../login.ts'
import type { Services } from '../services.ts'
import type { MakeLimit } from '../tier/limit.ts'
import type { UseOpenData } from '../use-open-data.ts'
import type { Sent } from './answer.ts'
import type { Asked } from './asked.ts'

/** What the handlers work with. One object serves both listeners, so that they share the verbs. */
export interface HttpDeps {
  readonly services: Services
  /** `createLogin(services)`: one for the process, since it knows which logins are under way. */
  readonly login: Login
  readonly authenticate: Authenticate
  readonly authenticateNow: AuthenticateNow
  readonly useOpenData: UseOpenData
  readonly accessTokens: AccessTokens
  /** Signs for gateways. Asked for each time, for the keys may change while the server runs. */
  readonly assertions: () => Assertions
  /** Prefix of the public routes, without a slash at its end; empty for none. */
  readonly basePath: string
  /** Addresses and networks whose `X-Forwarded-For` and `X-Request-Id` count. */
  readonly trustProxy: readonly string[]
  /** Logins a minute from one address, for each app. */
  readonly loginLimitPerIp: number
  /** Makes limits that nodes share, where they share any. */
  readonly makeLimit: MakeLimit
  readonly backends: readonly BackendConfig[]
  /** The answer of `GET /metrics`. */
  readonly metrics: () => Promise<{ readonly contentType: string; readonly text: string }>
  /** True once the process was told to stop: `/readyz` says so. */
  readonly isDraining: () => boolean
  /** The services' clock, where it can be moved from outside: under `yaopai dev` alone. Then there is `/_dev`. */
  readonly devClock: OffsetClock | null
}

/** The other end of the connection; `ip` null where there is none (a UNIX socket) or it is not known. */
export interface Peer {
  readonly ip: string | null
}

/** Mounts in any framework that speaks the web's `Request` and `Response`. Never rejects. */
export type HttpHandler = (request: Request, peer: Peer) => Promise<Response>

/** The same for a request in whatever form. Never rejects. */
export type Ask = (asked: Asked, peer: Peer) => Promise<Sent>

/** A handler that a listener of ours need not speak to in the web's objects. */
export type DoorHandler = HttpHandler & { readonly ask: Ask }
