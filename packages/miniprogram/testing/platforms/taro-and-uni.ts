// Never run. What @tarojs/taro 4.1.11 and @dcloudio/types 3.4.32 say of the members that the client uses, retold in
// short: their packages bring whole frameworks.
import { createYaopai, type WxLike } from '../../src/index.ts'

type Callbacks<Result> = {
  success?: (result: Result) => void
  fail?: (failure: { errMsg: string }) => void
  complete?: (result: { errMsg: string }) => void
}
type Answer<Data> = { data: Data; statusCode: number; header: Record<string, unknown>; errMsg: string }
type RequestOrder = { url: string; data?: unknown; header?: Record<string, unknown>; method?: 'GET' | 'POST' }
type SocketTask = { send(options: object): void; close(options: object): void }

/** Promises where WeChat calls back; options may be left out. */
declare const Taro: {
  login(options?: { timeout?: number } & Callbacks<{ code: string }>): Promise<{ code: string }>
  checkSession(options?: Callbacks<{ errMsg: string }>): Promise<{ errMsg: string }>
  request<Data>(options: RequestOrder & Callbacks<Answer<Data>>): Promise<Answer<Data>> & { abort(): void }
  uploadFile(
    options: { url: string; filePath: string; name: string } & Callbacks<Answer<string>>,
  ): Promise<Answer<string>>
  connectSocket(options: { url: string } & Callbacks<{ errMsg: string }>): Promise<SocketTask>
  getStorageSync<Data>(key: string): Data
  setStorageSync(key: string, data: unknown): void
  removeStorageSync(key: string): void
  getAccountInfoSync(): { miniProgram: { envVersion: string } }
  getRandomValues(
    options: { length: number } & Callbacks<{ randomValues: ArrayBuffer }>,
  ): Promise<{ randomValues: ArrayBuffer }>
}

/** Callbacks as in WeChat; many platforms, so login has a provider. */
declare const uni: {
  login(options: { provider?: 'weixin' | 'qq'; timeout?: number } & Callbacks<{ code: string }>): void
  checkSession(options: Callbacks<{ errMsg: string }>): void
  request(options: RequestOrder & Callbacks<Answer<string | object | ArrayBuffer>>): { abort(): void }
  uploadFile(options: { url: string; filePath?: string; name?: string } & Callbacks<Answer<string>>): {
    abort(): void
  }
  connectSocket(options: { url: string } & Callbacks<{ errMsg: string }>): SocketTask
  getStorageSync(key: string): unknown
  setStorageSync(key: string, data: unknown): void
  removeStorageSync(key: string): void
}

export const platforms: readonly WxLike[] = [Taro, uni]
export const clients = [Taro, uni].map((platform) =>
  createYaopai({ baseUrl: 'https://api.example.com', platform }),
)
