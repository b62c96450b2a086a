import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { createWx, type Wx, type WxOptions } from '../index.ts'
import { APPID } from './kit.ts'

const refuse = () => {
  throw new Error('not asked')
}

/** A phone whose test never logs in, so that it needs no emulator either. */
export function makeWx(options: Partial<WxOptions> = {}): Wx {
  const emulator = { login: refuse, checkSession: refuse, openData: refuse, phoneCode: refuse }
  return createWx({ emulator, appid: APPID, user: 'alice', ...options })
}

export type Settled<R> = { ok: true; res: R } | { ok: false; errMsg: string; errno: number | undefined }

/** What the callbacks of one call were called with. */
export function settled<R>(
  call: (callbacks: {
    success: (res: R) => void
    fail: (failure: { errMsg: string; errno?: number }) => void
  }) => unknown,
): Promise<Settled<R>> {
  return new Promise((resolve) => {
    call({
      success: (res) => resolve({ ok: true, res }),
      fail: ({ errMsg, errno }) => resolve({ ok: false, errMsg, errno }),
    })
  })
}

/** A back end that answers only when told to. */
export function heldBackend() {
  const held: ServerResponse[] = []
  return {
    listener: (_req: unknown, res: ServerResponse) => void held.push(res),
    held,
    async until(count: number) {
      const deadlineMs = Date.now() + 20_000
      while (held.length < count) {
        assert.ok(Date.now() < deadlineMs, `${held.length} of ${count} requests came`)
        await new Promise((resolve) => setTimeout(resolve, 2))
      }
    },
    answerAll: () => {
      for (const res of held.splice(0)) res.end('{}')
    },
  }
}
