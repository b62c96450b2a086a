import type { EmulatorState } from './saved-state.ts'

/** The app of the demo state. Its secret guards nothing: no such app exists at WeChat. */
export const DEMO_APP = Object.freeze({
  appid: 'wxa1b2c3d4e5f60718',
  secret: '0123456789abcdef0123456789abcdef',
  openPlatform: 'default',
})

/** The demo app and its users, under whatever the given state says itself. */
export function withDemo(state: EmulatorState): EmulatorState {
  const { appid, secret, openPlatform } = DEMO_APP
  return {
    ...state,
    apps: { [appid]: { secret, openPlatform }, ...state.apps },
    users: {
      alice: { nickname: 'Alice', phone: '13800000001' },
      bob: { nickname: 'Bob', phone: '13800000002' },
      ...state.users,
    },
  }
}
