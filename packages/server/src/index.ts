export type { Clock } from './lib/clock.ts'
export { ConfigError } from './lib/load-config/config-error.ts'
export type {
  AppOptions,
  BackendOptions,
  ConfigOptions,
  ListenOptions,
} from './lib/load-config/from-options.ts'
export { createMemoryStore } from './lib/store/memory/memory-store.ts'
export type { Store } from './lib/store/store.ts'
export {
  type Authenticated,
  createYaopai,
  type Peer,
  type RunningYaopai,
  startYaopai,
  type Yaopai,
  type YaopaiOptions,
} from './main/create-yaopai.ts'
export { newApiKey, newMasterKey } from './main/keys.ts'
export type {
  DeviceView,
  ErrorClass,
  ErrorCode,
  LoginView,
  Problem,
  RenewView,
  SessionId,
  SessionView,
  UserId,
  UserView,
  VerifyView,
} from './protocol.ts'
