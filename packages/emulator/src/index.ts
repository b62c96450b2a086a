export type { Clock } from './lib/clock.ts'
export type {
  Arrow,
  ArrowKind,
  Conversation,
  Message,
  NoteAction,
  Station,
} from './lib/conversation/arrow.ts'
export type { Page } from './lib/conversation/recorder.ts'
export type { TlsFiles } from './lib/http/listen.ts'
export { EmulatorError } from './lib/machine.ts'
export { type Emulator, type StartOptions, startEmulator } from './lib/start-emulator.ts'
export { DEMO_APP } from './lib/state/demo.ts'
export type { EmulatorState } from './lib/state/saved-state.ts'
export { InputError } from './lib/state/schemas.ts'
export { DEFAULT_SETTINGS, type Settings, type SettingsPatch } from './lib/state/settings.ts'
export type { App, User } from './lib/state/world.ts'
export type { Servers } from './lib/surroundings.ts'
export type { CallRecord } from './lib/wechat/call-log.ts'
export { errcodesOf } from './lib/wechat/errcodes.ts'
export type { FaultInput } from './lib/wechat/faults.ts'
export type { CheckSessionResult, LoginOk, OnDevice } from './lib/wechat/login.ts'
export { signLoginState } from './lib/wechat/login-state.ts'
export { MOCK_CODE } from './lib/wechat/mock-code.ts'
export type { OpenData, OpenDataInput } from './lib/wechat/open-data.ts'
export type { PhoneCodeResult } from './lib/wechat/phone-code.ts'
export type { Backstage } from './lib/wx/backstage.ts'
export { createWx, type PhoneControl, type Wx, type WxOptions } from './lib/wx/create-wx.ts'
export type { DownloadOptions, DownloadResult, DownloadTask } from './lib/wx/download.ts'
export type { FileMap } from './lib/wx/files.ts'
export type { PhoneDetail } from './lib/wx/phone-button.ts'
export type { RequestTask } from './lib/wx/request.ts'
export type { RequestOptions, RequestResult } from './lib/wx/request-plan.ts'
export type { SocketTask } from './lib/wx/socket-task.ts'
export type { ConnectOptions } from './lib/wx/sockets.ts'
export { createManualTimer, type ManualTimer, type Timer } from './lib/wx/timer.ts'
export type { UploadOptions, UploadResult, UploadTask } from './lib/wx/upload.ts'
