import type { Secret } from './secret.ts'
import type { SessionPolicy } from './session/lifetime.ts'

/** One mini program, as the operator configured it. */
export interface AppConfig {
  readonly appid: string
  readonly secret: Secret
  /** Apps with the same name here share unionids: WeChat's 开放平台 account. */
  readonly openPlatform: string
  /** Serves `GET /login`, the classic tutorial's wire. */
  readonly classicLogin: boolean
  /** A frozen app logs nobody in and its tokens open nothing. */
  readonly frozen: boolean
  readonly policy: SessionPolicy
}

export type Scope = 'introspect' | 'access-token' | 'admin' | 'identity:read'

/** A back end that may ask who calls. Only the hash of its key is kept in memory. */
export interface BackendConfig {
  readonly name: string
  /** SHA-256 of the API key. */
  readonly keyHash: Uint8Array
  /** The selector inside the key: where to look it up. */
  readonly keySelector: number
  readonly scopes: readonly Scope[]
  readonly audience: string | null
}

/** A key of the vault. The first of the list seals, all open. */
export interface MasterKey {
  readonly kid: string
  /** Base64 of 32 bytes. */
  readonly key: Secret
}

/** Where the book is. A URL may hold a password, so it is shown by nobody; `describeDatabase` shows the rest of it. */
export type DatabaseTarget =
  | { readonly kind: 'sqlite'; readonly file: string }
  | { readonly kind: 'postgres' | 'mysql'; readonly url: Secret }

/** Everything a server needs to know, parsed once at the edge and frozen. */
export interface Config {
  readonly host: string
  readonly port: number
  readonly internalHost: string
  readonly internalPort: number
  /** Prefix of the public routes without a slash at its end; empty for none. */
  readonly basePath: string
  /** Addresses and networks whose `X-Forwarded-*` count. */
  readonly trustProxy: readonly string[]
  readonly database: DatabaseTarget
  readonly apps: readonly AppConfig[]
  readonly backends: readonly BackendConfig[]
  readonly wechatApiBase: string
  /** Set when WeChat is an emulator on this machine. Never on a public host. */
  readonly insecureEmulator: boolean
  readonly masterKeys: readonly MasterKey[]
  readonly loginLimitPerIp: number
  readonly eventRetentionDays: number
  /** How many sessions a node remembers; 0: every request reads the store. */
  readonly sessionCacheEntries: number
  readonly logLevel: string
}
