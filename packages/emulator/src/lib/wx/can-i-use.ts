import { hasBaseLibrary, type Phone } from './phone.ts'

/** Base library that brought an API, or a part of one. What stands here in no form came with the first. */
const SINCE: Readonly<Record<string, string>> = {
  getAccountInfoSync: '2.2.2',
  'getAccountInfoSync.return.miniProgram.envVersion': '2.10.0',
  'getAccountInfoSync.return.miniProgram.version': '2.10.2',
  'login.object.timeout': '1.9.90',
  'request.object.timeout': '2.10.0',
  'request.object.redirect': '3.2.2',
  'uploadFile.object.timeout': '2.10.0',
  'downloadFile.object.filePath': '1.8.0',
  'downloadFile.object.timeout': '2.10.0',
  'connectSocket.object.protocols': '1.4.0',
  'connectSocket.object.timeout': '2.10.0',
  onNetworkStatusChange: '1.1.0',
  offNetworkStatusChange: '2.9.3',
  getUserProfile: '2.10.4',
  getRandomValues: '2.15.0',
  getEnterOptionsSync: '2.20.1',
  getDeviceInfo: '2.20.1',
  getAppBaseInfo: '2.20.1',
}

/** The members that the phone's base library is too old for. */
export function tooNew(phone: Phone): string[] {
  return Object.keys(SINCE).filter((name) => !name.includes('.') && !hasBaseLibrary(phone, SINCE[name] ?? ''))
}

/** `wx.canIUse`: knows the members of this wx object, and of their parts what the table above says. */
export function canIUse(phone: Phone, members: ReadonlySet<string>, schema: string): boolean {
  const [api = ''] = schema.split('.')
  if (!members.has(api)) return false
  return hasBaseLibrary(phone, SINCE[api] ?? '1.0.0') && hasBaseLibrary(phone, SINCE[schema] ?? '1.0.0')
}
