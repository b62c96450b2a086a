/** Texts of the example, in both of its languages. */
export const TEXTS = {
  login: ['微信登录', 'Log in with WeChat'],
  logout: ['退出登录', 'Log out'],
  devices: ['我的设备', 'Devices'],
  endOthers: ['让其他设备全部下线', 'Log out everywhere else'],
  retry: ['再试一次', 'Try again'],
} as const
